import type { Identity } from "#domain/identity.ts";
import { add, type KiB, lessened, type Milliseconds, type Pid, scale, sum } from "#domain/units.ts";
import type { Agenda } from "./agenda.ts";
import type { Disks } from "./disks.ts";
import { pageTableShare } from "./holdings.ts";
import { type Lruvec, listSizes } from "./lists.ts";
import type { MachineEvent } from "./machine-event.ts";
import type { Memcg } from "./memcg.ts";
import type { Nursery } from "./nursery.ts";
import type { SimulatedProcess } from "./process.ts";
import type { SettledScript } from "./process-script.ts";
import type { Program } from "./programs.ts";
import type { PsiMonitor } from "./psi.ts";
import type { Random } from "./random.ts";
import type { ReclaimState } from "./reclaim-state.ts";
import type { SettledScenario, SuspendScript } from "./scenario.ts";
import { type SwapDevice, zramCost, zswapCostOf } from "./swap-device.ts";
import type { Watermarks, Zone } from "./watermarks.ts";
import { residentOf, type WorkingSet } from "./working-set.ts";

/** What reclaim and faults have counted since the scenario began, in memory; `/proc/vmstat` counts the same in pages. */
export interface ReclaimCounters {
  swappedIn: KiB;
  swappedOut: KiB;
  scannedByKswapd: KiB;
  scannedDirectly: KiB;
  stolenByKswapd: KiB;
  stolenDirectly: KiB;
  fileRefaulted: KiB;
  anonRefaulted: KiB;
  /** With fractions: faults come in pieces of many pages. */
  majorFaults: number;
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
  readonly zones: readonly Zone[];
  readonly marks: Watermarks;
  /** In the order of their start. Who has exited is gone. */
  readonly processes: SimulatedProcess[];
  readonly byPid: Map<Pid, SimulatedProcess>;
  /** Those a step has to visit, in the same order. */
  readonly roused: SimulatedProcess[];
  /** Those that go through memory reclaim may take, in the same order. */
  readonly workers: SimulatedProcess[];
  /** What they are to do by the clock. */
  readonly agenda: Agenda;
  /** Still to come, the earliest first. */
  readonly upcoming: SettledScript[];
  /** Who starts processes of its own. */
  readonly nurseries: Nursery[];
  /** Still to come, the earliest first. */
  readonly suspends: SuspendScript[];
  /** Cgroups with limits. */
  readonly memcgs: readonly Memcg[];
  readonly counters: ReclaimCounters;
  readonly reclaim: ReclaimState;
  readonly disks: Disks;
  readonly swaps: readonly SwapDevice[];
  readonly psi: PsiMonitor;
  /** The same of waiting for disks. */
  readonly ioPsi: PsiMonitor;
  /** Everything that is on the lists of reclaim. */
  readonly lru: Lruvec;
  /** Programs that are run or have been, by their path. */
  readonly programs: Map<string, Program>;
  /** All somebody sits or sat before. */
  readonly interactive: SimulatedProcess[];
  /** Cached files that nobody works on. */
  readonly cache: WorkingSet;
  /** Files in tmpfs. */
  readonly tmpfs: WorkingSet;
  /** The simulated tidemark. */
  readonly self: Identity;
  now: Milliseconds;
  nextPid: Pid;
  /** Of what is on disk swap: what zswap still holds. */
  zswapped: KiB;
  /** The cache of ZFS. */
  arc: KiB;
  isKswapdAwake: boolean;
  kernelVictim: KernelVictim | undefined;
  /** The kernel found nobody to kill: nothing moves any more. */
  hasPanicked: boolean;
}

/** What is on which list, everywhere. */
export interface Totals {
  readonly activeAnon: KiB;
  readonly inactiveAnon: KiB;
  readonly activeFile: KiB;
  readonly inactiveFile: KiB;
  /** Of the lists of anonymous memory: tmpfs. */
  readonly shmem: KiB;
  readonly swapped: KiB;
  readonly free: KiB;
}

/** Adds up all memory there is. `free` is never negative: the last pages are the kernel's reserve. */
export function totalsOf(kernel: Kernel): Totals {
  const { lru, cache, tmpfs, scenario } = kernel;
  const [anon, file] = [listSizes(lru.anon), listSizes(lru.file)];
  const onLists = sum([anon.active, anon.inactive, file.active, file.inactive]);
  const unmapped = sum([residentOf(cache), residentOf(tmpfs), tmpfs.evicted]);
  const pageTables = scale(lessened(add(onLists, anon.evicted), unmapped), pageTableShare);
  const fixed = sum([
    scenario.kernelMemory,
    scenario.hugetlb,
    kernel.arc,
    zramCost(kernel.swaps),
    zswapCostOf(scenario.zswap, kernel.zswapped),
  ]);
  return {
    activeAnon: anon.active,
    inactiveAnon: anon.inactive,
    activeFile: file.active,
    inactiveFile: file.inactive,
    shmem: residentOf(tmpfs),
    swapped: anon.evicted,
    free: lessened(scenario.ram, sum([onLists, pageTables, fixed])),
  };
}

/** What nobody uses at all. */
export const freeOf = (kernel: Kernel): KiB => totalsOf(kernel).free;
