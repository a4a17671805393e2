import type { Identity } from "#domain/identity.ts";
import type { KiB, Milliseconds, Pid } from "#domain/units.ts";
import { add, greatest, kib, lessened, scale, subtract } from "#domain/units.ts";
import type { MachineEvent } from "./machine-event.ts";
import type { SimulatedProcess } from "./process.ts";
import type { SettledScript } from "./process-script.ts";
import type { PsiMonitor } from "./psi.ts";
import type { Random } from "./random.ts";
import { type SettledScenario, swapSizeOf } from "./scenario.ts";

/** What reclaim and faults have counted since the scenario began, in memory; `/proc/vmstat` counts the same in pages. */
export interface ReclaimCounters {
  swappedIn: KiB;
  swappedOut: KiB;
  scannedByKswapd: KiB;
  scannedDirectly: KiB;
  stolenByKswapd: KiB;
  stolenDirectly: KiB;
  fileRefaulted: KiB;
  allocationStalls: number;
  oomKills: number;
}

/** A victim of the kernel's own OOM killer: until its memory is back, or its time is up, there is no other. */
export interface KernelVictim {
  readonly process: SimulatedProcess;
  readonly since: Milliseconds;
}

/** The state of the simulated machine. Everything in this folder either reads it or moves it on. */
export interface Kernel {
  readonly scenario: SettledScenario;
  readonly random: Random;
  readonly events: MachineEvent[];
  /** In the order of their start. Who has exited is gone. */
  readonly processes: SimulatedProcess[];
  /** Still to come, the earliest first. */
  readonly upcoming: SettledScript[];
  readonly counters: ReclaimCounters;
  readonly psi: PsiMonitor;
  /** The simulated tidemark. */
  readonly self: Identity;
  now: Milliseconds;
  nextPid: Pid;
  /** Cached file pages that nobody works on. */
  coldCache: KiB;
  isKswapdAwake: boolean;
  kernelVictim: KernelVictim | undefined;
  /** The kernel found nobody to kill: nothing moves any more. */
  hasPanicked: boolean;
}

/** Until when the kernel lets its fast path run: the watermarks of the one zone this machine has. */
export interface KernelWatermarks {
  readonly min: KiB;
  readonly low: KiB;
  readonly high: KiB;
}

/** @see mm/page_alloc.c: __setup_per_zone_wmarks, with the default watermark_scale_factor of 10 */
export function watermarksOf({ minFree, ram }: SettledScenario): KernelWatermarks {
  const step = greatest(scale(minFree, 1 / 4), scale(ram, 10 / 10_000));
  const low = add(minFree, step);
  return { min: minFree, low, high: add(low, step) };
}

/** Sums up one kind of memory over all address spaces, each counted once. */
export function totalOf(kernel: Kernel, pick: (process: SimulatedProcess) => KiB): KiB {
  let total = kib(0);
  for (const process of kernel.processes) if (process.mm.owner === process) total = add(total, pick(process));
  return total;
}

/** Anonymous memory that is resident. */
export const anonOf = (process: SimulatedProcess): KiB => process.mm.anon;
/** Anonymous memory that is on disk. */
export const swappedOf = (process: SimulatedProcess): KiB => process.mm.swapped;
/** Working set of files that is resident. */
export const filesOf = (process: SimulatedProcess): KiB => process.mm.files;

/** One entry of 8 bytes for each page of 4 KiB, resident or swapped. */
export const pageTablesOf = ({ mm }: SimulatedProcess): KiB => scale(add(add(mm.anon, mm.swapped), mm.files), 1 / 512);

/** What nobody uses at all. Never negative: the last pages are the kernel's reserve. */
export function freeOf(kernel: Kernel): KiB {
  const taken = totalOf(kernel, (process) => add(add(process.mm.anon, process.mm.files), pageTablesOf(process)));
  const { ram, kernelMemory } = kernel.scenario;
  return lessened(subtract(subtract(ram, kernelMemory), kernel.coldCache), taken);
}

/** Room left on the swap disk. */
export const swapFreeOf = (kernel: Kernel): KiB => lessened(swapSizeOf(kernel.scenario), totalOf(kernel, swappedOf));
