import {
  add,
  gib,
  type KiB,
  kib,
  least,
  type Milliseconds,
  milliseconds,
  millisecondsToSeconds,
  ratio,
  scale,
} from "#domain/units.ts";
import { askToRead, beginDisks, readShare, settleReads } from "./disks.ts";
import { askForFaults, type FaultProgress, type FaultTimes, noWait, progressOf, refaultShareOf } from "./faults.ts";
import { growthPerSecond, wantedGrowth } from "./growth.ts";
import type { Kernel, Totals } from "./kernel.ts";
import { isRunning, type SimulatedProcess } from "./process.ts";
import { canRest, rest } from "./roused.ts";
import { wantFromStream } from "./stream.ts";
import { isThrottled } from "./streams.ts";
import { swapOrigin } from "./swap-space.ts";
import { wakeUp } from "./wakes.ts";
import { missedBy, type WorkingSet } from "./working-set.ts";

const nothing = kib(0);

/** What one process wants in a step, and how far the disks let it come. */
export interface Want {
  readonly process: SimulatedProcess;
  /** New anonymous memory. */
  grow: KiB;
  /** What is missed of its own memory, of its program and of its files. */
  readonly hot: KiB;
  readonly text: KiB;
  readonly files: KiB;
  /** New pages a wake needs for a moment. */
  readonly fresh: KiB;
  /** Pages for what it reads and writes. */
  cache: KiB;
  /** How far its faults come. */
  faults: FaultProgress;
  /** Share of what it reads from a file that the disk brings. */
  read: number;
  /** Share of the memory it wants that it is given. */
  granted: number;
}

/** How fast one core goes through memory that is there. */
const touchPerSecond = gib(8);
/** How fast one core fills memory that is not: 2 to 5 GiB were seen (2 cores, Linux 6.18). */
const fillPerSecond = gib(4);

/** What holds for all in one step. */
export interface Round {
  readonly span: Milliseconds;
  readonly totals: Totals;
  /** Nobody gets memory without reclaiming some first. */
  readonly isShort: boolean;
}

/** Asks everybody who is roused what it wants in a step, and queues what it wants at the disks. Who wants nothing is not named, and may rest. */
export function gatherDemand(kernel: Kernel, round: Round): readonly Want[] {
  beginDisks(kernel.disks, round.span);
  const asked = askAll(kernel, round);
  settleReads(kernel.disks);
  for (const { want, times, reading } of asked) {
    want.faults = progressOf(kernel, times, round.span);
    const read = readShare(kernel.disks.files, reading);
    want.read = read.done;
    if (want.process.script.reads?.isDirect !== true)
      want.cache = add(want.cache, scale(want.process.reads?.wanted ?? nothing, want.read));
    waitForDisks(want, read.waited);
  }
  return asked.map(({ want }) => want);
}

/** A want, and the time it takes at the disks. */
interface Asked {
  readonly want: Want;
  readonly times: FaultTimes;
  readonly reading: Milliseconds;
}

function askAll(kernel: Kernel, round: Round): readonly Asked[] {
  const origin = swapOrigin(kernel);
  const asked: Asked[] = [];
  const idle: SimulatedProcess[] = [];
  for (const process of kernel.roused) {
    process.fortune.grown = nothing;
    process.fortune.stalled = 0;
    process.fortune.atDisks = 0;
    process.fortune.busy = 0;
    const isAble = isRunning(process);
    const want = isAble ? ask(kernel, process, round) : undefined;
    const reading = isAble ? readAhead(kernel, process, round.span) : milliseconds(0);
    if (want !== undefined || reading > 0) {
      const wanted = want ?? wantNothing(process);
      asked.push({ want: wanted, times: askForFaults(kernel, wanted, origin), reading });
    } else if (canRest(process)) {
      idle.push(process);
    }
  }
  rest(kernel, idle);
  return asked;
}

const wantNothing = (process: SimulatedProcess): Want => ({
  process,
  grow: nothing,
  hot: nothing,
  text: nothing,
  files: nothing,
  fresh: nothing,
  cache: nothing,
  faults: noWait,
  read: 1,
  granted: 1,
});

function ask(kernel: Kernel, process: SimulatedProcess, { span, totals, isShort }: Round): Want | undefined {
  const { fortune, script, mm, growth, wakes } = process;
  const seconds = millisecondsToSeconds(span);
  if (wakes !== undefined)
    wakeUp(wakes, { hot: mm.hot, text: mm.program?.text }, { end: add(kernel.now, span), isShort });
  const grow = wantedGrowth(growth, span);
  // Those who share an address space are one worker upon it.
  const works = mm.owner === process;
  const touch = (set: WorkingSet, perSecond: KiB): KiB => (works ? missedBy(set, scale(perSecond, seconds)) : nothing);
  const touched = touch(mm.hot, script.touchesPerSecond);
  const hot = wakes === undefined ? touched : add(touched, wakes.owed.hot);
  const text = wakes === undefined ? touchText(process, seconds) : wakes.owed.text;
  const files = touch(mm.files, mm.files.touchesPerSecond);
  const fresh = wakes?.since === undefined ? nothing : wakes.owed.fresh;
  const cache = writing(kernel, process, { span, totals });
  const goneThrough = add(script.touchesPerSecond, script.files?.perSecond ?? nothing);
  fortune.busy = Math.min(1, ratio(goneThrough, touchPerSecond) + ratio(growthPerSecond(growth), fillPerSecond));
  if (grow + hot + text + files + fresh + cache === 0) return undefined;
  return { process, grow, hot, text, files, fresh, cache, faults: noWait, read: 1, granted: 1 };
}

/** How fast a process that nobody sits before goes through its program; all that run one go through it together. */
function touchText({ mm, script }: SimulatedProcess, seconds: number): KiB {
  if (mm.program === undefined) return nothing;
  const { text } = mm.program;
  return missedBy(text, least(scale(text.touchesPerSecond, seconds), scale(script.text, seconds)));
}

function writing(
  kernel: Kernel,
  { writes, script }: SimulatedProcess,
  { span, totals }: { span: Milliseconds; totals: Totals },
): KiB {
  if (writes === undefined) return nothing;
  const wanted = wantFromStream(writes, span);
  if (script.writes?.to === "disk" && isThrottled(kernel, totals)) writes.wanted = nothing;
  return script.writes?.to === "disk" ? writes.wanted : wanted;
}

/** Queues what a stream reads: one piece after the other, without a pause between them. */
function readAhead({ disks }: Kernel, { reads }: SimulatedProcess, span: Milliseconds): Milliseconds {
  const wanted = reads === undefined ? nothing : wantFromStream(reads, span);
  return wanted === 0 ? milliseconds(0) : askToRead(disks.files, wanted, { pieces: 0 });
}

/** To wait for pages that had been there before is a stall; to read something for the first time is not. Who waits does not grow. */
function waitForDisks(want: Want, waitedToRead: number): void {
  const { process, faults } = want;
  const { mm, fortune } = process;
  const again = faults.waitedForFiles === 0 ? 0 : refaultShareOf([mm.program?.text, mm.files]);
  fortune.stalled = 1 - (1 - faults.waitedForFiles * again) * (1 - faults.waitedForSwap);
  fortune.atDisks = 1 - (1 - faults.waitedForFiles) * (1 - faults.waitedForSwapDisks) * (1 - waitedToRead);
  want.grow = scale(want.grow, (1 - faults.waitedForFiles) * (1 - faults.waitedForSwap));
}

/** The memory that a want needs: what the disks bring has to go somewhere. */
export const memoryOf = ({ grow, hot, text, files, fresh, cache, faults }: Want): KiB => {
  const brought = add(scale(hot, faults.swap), scale(add(text, files), faults.files));
  return add(add(grow, add(fresh, cache)), brought);
};
