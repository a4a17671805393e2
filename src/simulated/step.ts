import {
  add,
  atLeast,
  below,
  type KiB,
  least,
  lessened,
  type Milliseconds,
  mib,
  millisecondsToMicroseconds,
  millisecondsToSeconds,
  scale,
  subtract,
  sum,
} from "#domain/units.ts";
import { gatherDemand, type TotalDemand } from "./demand.ts";
import { giveBackMemory } from "./exit.ts";
import { advanceGrowth } from "./growth.ts";
import { freeOf, type Kernel, watermarksOf } from "./kernel.ts";
import { invokeOomKiller } from "./oom-killer.ts";
import { isRunning, type SimulatedProcess } from "./process.ts";
import { accountStall, type StallTime } from "./psi.ts";
import { reclaim, reclaimableOf } from "./reclaim.ts";

/** How much one thread reclaims in a second: unmapping and freeing clean pages, about as fast as exiting processes do. */
const reclaimPerSecond = mib(4096);

/** Moves memory on by one span, short enough that demand and reclaim hardly change within it. */
export function step(kernel: Kernel, span: Milliseconds): void {
  giveBackMemory(kernel, span);
  const seconds = millisecondsToSeconds(span);
  const { scenario, processes } = kernel;
  const swapBudget = scale(sum(scenario.swaps.map(({ perSecond }) => perSecond ?? scenario.diskPerSecond)), seconds);
  const demand = gatherDemand(processes, { files: scale(scenario.diskPerSecond, seconds), swapIn: swapBudget }, span);
  const swapLeft = runKswapd(kernel, span, swapBudget);
  const served = serve(kernel, demand, { span, swapLeft });
  for (const process of processes) grant(kernel, process, { served, span });
  accountStall(kernel.psi, stallTime(processes, span), add(kernel.now, span));
  if (served.granted < 1 && !below(kernel.scenario.minFree, add(freeOf(kernel), reclaimableOf(kernel)))) {
    invokeOomKiller(kernel);
  }
}

/** Runs from below `low` until `high` is reached. Returns what it left of the bandwidth of swap. */
function runKswapd(kernel: Kernel, span: Milliseconds, swapBudget: KiB): KiB {
  const marks = watermarksOf(kernel.scenario);
  const free = freeOf(kernel);
  if (below(free, marks.low)) kernel.isKswapdAwake = true;
  if (atLeast(free, marks.high)) kernel.isKswapdAwake = false;
  if (!kernel.isKswapdAwake) return swapBudget;
  const wanted = least(lessened(marks.high, free), scale(reclaimPerSecond, millisecondsToSeconds(span)));
  const { swappedOut } = reclaim(kernel, { by: "kswapd", wanted, swapOut: swapBudget });
  return subtract(swapBudget, swappedOut);
}

/** How what was asked for was served. */
interface Served {
  /** Share that was given. */
  readonly granted: number;
  /** Share of the step those who asked spent reclaiming by themselves. */
  readonly reclaiming: number;
}

interface ServeLimits {
  readonly span: Milliseconds;
  readonly swapLeft: KiB;
}

/** Gives what lies above `min`; below it, who asks has to reclaim first. */
function serve(kernel: Kernel, { memory, allocators }: TotalDemand, { span, swapLeft }: ServeLimits): Served {
  if (memory === 0) return { granted: 1, reclaiming: 0 };
  const { minFree, cpus } = kernel.scenario;
  const shortfall = lessened(memory, lessened(freeOf(kernel), minFree));
  if (shortfall === 0) return { granted: 1, reclaiming: 0 };
  const fastest = scale(reclaimPerSecond, millisecondsToSeconds(span) * Math.min(cpus, allocators));
  const { taken } = reclaim(kernel, { by: "direct", wanted: least(shortfall, fastest), swapOut: swapLeft });
  const possible = least(memory, lessened(freeOf(kernel), minFree));
  return { granted: possible / memory, reclaiming: Math.min(1, taken / fastest) };
}

interface Grant {
  readonly served: Served;
  readonly span: Milliseconds;
}

function grant(kernel: Kernel, process: SimulatedProcess, { served, span }: Grant): void {
  const { demand, mm, growth } = process;
  if (!isRunning(process)) return;
  const grown = scale(demand.grow, served.granted);
  const swappedIn = least(scale(demand.swapIn, served.granted), mm.swapped);
  const read = scale(demand.readFiles, served.granted);
  const refaulted = least(scale(read, demand.refaultShare), mm.evictedFiles);
  mm.swapped = subtract(mm.swapped, swappedIn);
  mm.anon = add(add(mm.anon, grown), swappedIn);
  mm.files = add(mm.files, read);
  mm.evictedFiles = subtract(mm.evictedFiles, refaulted);
  kernel.counters.swappedIn = add(kernel.counters.swappedIn, swappedIn);
  kernel.counters.fileRefaulted = add(kernel.counters.fileRefaulted, refaulted);
  if (demand.grow > 0 || read > 0 || swappedIn > 0) wait(process, served);
  giveBack(process, advanceGrowth(growth, grown, span));
}

/** Waiting for memory comes on top of waiting for disks. */
function wait({ demand }: SimulatedProcess, { granted, reclaiming }: Served): void {
  const forMemory = Math.max(1 - granted, reclaiming);
  demand.stalled = 1 - (1 - demand.stalled) * (1 - forMemory);
}

function giveBack({ mm }: SimulatedProcess, amount: KiB): void {
  const resident = least(mm.anon, amount);
  mm.anon = subtract(mm.anon, resident);
  mm.swapped = lessened(mm.swapped, subtract(amount, resident));
}

/**
 * Stalled time of the machine, as if the processes were independent of each other: `some` when anybody is stalled,
 * `full` when somebody is and nobody does productive work.
 */
function stallTime(processes: readonly SimulatedProcess[], span: Milliseconds): StallTime {
  let nobodyStalled = 1;
  let nobodyWorks = 1;
  let everybodyIdle = 1;
  for (const { demand } of processes) {
    const works = demand.busy * (1 - demand.stalled);
    nobodyStalled *= 1 - demand.stalled;
    nobodyWorks *= 1 - works;
    everybodyIdle *= Math.max(0, 1 - works - demand.stalled);
  }
  const inMicroseconds = (part: number) => scale(millisecondsToMicroseconds(span), Math.min(1, Math.max(0, part)));
  return { some: inMicroseconds(1 - nobodyStalled), full: inMicroseconds(nobodyWorks - everybodyIdle) };
}
