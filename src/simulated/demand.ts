import {
  add,
  gib,
  type KiB,
  kib,
  least,
  lessened,
  type Milliseconds,
  millisecondsToSeconds,
  ratio,
  scale,
} from "#domain/units.ts";
import { growthPerSecond, wantedGrowth } from "./growth.ts";
import { isRunning, type SimulatedProcess } from "./process.ts";

/** Bandwidths of the disks, as amounts for one step. */
export interface DiskBudget {
  readonly files: KiB;
  readonly swapIn: KiB;
}

/** What all processes ask for together, once the disks have granted what they can. */
export interface TotalDemand {
  readonly memory: KiB;
  readonly allocators: number;
}

/** A working set that misses less than this share is complete: nobody notices a few pages. */
const noticeable = 1 / 1000;

/** How fast one core goes through memory that is there. */
const touchPerSecond = gib(8);

/** Whether it misses memory it works on, so that its next steps depend on the disks. */
export const isMissingMemory = (process: SimulatedProcess): boolean =>
  isRunning(process) && (missingFiles(process) > 0 || missingAnon(process) > 0);

const missingFiles = ({ script, mm }: SimulatedProcess): KiB =>
  script.files === undefined ? kib(0) : lessened(script.files.size, mm.files);

const missingAnon = ({ script, mm }: SimulatedProcess): KiB => (script.touchesPerSecond > 0 ? mm.swapped : kib(0));

/** Asks every process what it wants in a step, and queues what it wants at the disks. */
export function gatherDemand(
  processes: readonly SimulatedProcess[],
  budget: DiskBudget,
  span: Milliseconds,
): TotalDemand {
  let files = 0;
  let swapIn = 0;
  for (const process of processes) {
    if (isRunning(process)) ask(process, span);
    else rest(process);
    files += process.demand.readFiles;
    swapIn += process.demand.swapIn;
  }
  let memory = kib(0);
  let allocators = 0;
  for (const { demand } of processes) {
    queue(demand, [files, swapIn], budget);
    const wanted = add(add(demand.grow, demand.readFiles), demand.swapIn);
    memory = add(memory, wanted);
    if (wanted > 0) allocators += 1;
  }
  return { memory, allocators };
}

function ask(process: SimulatedProcess, span: Milliseconds): void {
  const { demand, script, mm, growth } = process;
  const seconds = millisecondsToSeconds(span);
  demand.grow = wantedGrowth(growth, span);
  const missing = missingFiles(process);
  demand.readFiles = missed(missing, script.files?.size ?? kib(0), scale(script.files?.perSecond ?? kib(0), seconds));
  demand.refaultShare = missing === 0 ? 0 : least(mm.evictedFiles, missing) / missing;
  demand.swapIn = missed(missingAnon(process), add(mm.anon, mm.swapped), scale(script.touchesPerSecond, seconds));
  const touched = add(script.touchesPerSecond, script.files?.perSecond ?? kib(0));
  demand.busy = growthPerSecond(growth) > 0 ? 1 : Math.min(1, ratio(touched, touchPerSecond));
  demand.stalled = 0;
}

function rest({ demand }: SimulatedProcess): void {
  demand.grow = kib(0);
  demand.swapIn = kib(0);
  demand.readFiles = kib(0);
  demand.refaultShare = 0;
  demand.stalled = 0;
  demand.busy = 0;
}

/** Of `touched` pages of a set of that size, as many are missed as are missing in it. */
function missed(missing: KiB, size: KiB, touched: KiB): KiB {
  if (missing === 0) return kib(0);
  return missing < size * noticeable ? missing : least(missing, scale(touched, missing / size));
}

/** One disk serves all: who asks waits for its own pages and, as the queue fills, for those of the others. */
function queue(demand: SimulatedProcess["demand"], [files, swapIn]: [number, number], budget: DiskBudget): void {
  const onFiles = waitFor(demand.readFiles, files, budget.files);
  const onSwap = waitFor(demand.swapIn, swapIn, budget.swapIn);
  demand.stalled = 1 - (1 - onFiles * demand.refaultShare) * (1 - onSwap);
  demand.readFiles = scale(demand.readFiles, Math.min(1, files === 0 ? 1 : budget.files / files));
  demand.swapIn = scale(demand.swapIn, Math.min(1, swapIn === 0 ? 1 : budget.swapIn / swapIn));
}

/** Share of a step spent waiting at a disk of which the others take their part. */
function waitFor(own: number, all: number, budget: number): number {
  if (own === 0) return 0;
  const leftByOthers = budget - (all - own);
  return leftByOthers <= own ? 1 : own / leftByOthers;
}
