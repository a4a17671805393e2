import {
  add,
  below,
  greatest,
  type KiB,
  kib,
  least,
  lessened,
  type Milliseconds,
  milliseconds,
  subtract,
} from "#domain/units.ts";
import { nextAppointment } from "./agenda.ts";
import { nextBirth } from "./children.ts";
import { settleExits, untilGivenBack } from "./exit.ts";
import { growthPerSecond, untilNextStep } from "./growth.ts";
import { freeOf, type Kernel } from "./kernel.ts";
import { marginOf } from "./memcg.ts";
import { runOomReaper } from "./oom-killer.ts";
import { isMissingMemory, isRunning, type SimulatedProcess } from "./process.ts";
import { rouseDue } from "./roused.ts";
import { startDue } from "./spawn.ts";
import { step } from "./step.ts";
import { streamsPerSecond, untilStreamEnds } from "./streams.ts";
import { sleepIfDue } from "./suspend.ts";
import { switchSwaps } from "./swap-space.ts";

/** While memory is fought for, demand and reclaim are taken as constant for so long. */
const contendedSpan = milliseconds(10);
/** No step is shorter, so that time goes on whatever rounding does. */
const shortestSpan = milliseconds(0.001);
/** So many processes that die at once are no single deaths any more: those that end within a millisecond end together. */
const crowd = 128;
const crowdedSpan = milliseconds(1);

/** Lets virtual time pass until `until`, or until `isNews` says that there is something to be told. */
export function advance(kernel: Kernel, until: Milliseconds, isNews: () => boolean): void {
  while (below(kernel.now, until) && !isNews()) {
    if (kernel.hasPanicked) {
      kernel.now = until;
      return;
    }
    const span = least(subtract(until, kernel.now), greatest(shortestSpan, nextSpan(kernel)));
    step(kernel, span);
    // The last span ends exactly where it was to end, whatever rounding says.
    kernel.now = span === subtract(until, kernel.now) ? until : add(kernel.now, span);
    settle(kernel);
  }
}

/** Brings everything about that is due at this moment. */
export function settle(kernel: Kernel): void {
  sleepIfDue(kernel);
  switchSwaps(kernel);
  startDue(kernel);
  rouseDue(kernel);
  for (const process of kernel.roused) stopIfDue(process, kernel.now);
  runOomReaper(kernel);
  settleExits(kernel);
}

/** Who is stopped does nothing of its own will, not even exit: SIGKILL alone gets through. */
function stopIfDue(process: SimulatedProcess, now: Milliseconds): void {
  const { stopsAt } = process.script;
  if (process.isStopped || process.isDying || stopsAt === undefined || stopsAt > now) return;
  process.isStopped = true;
  process.leavesAt = undefined;
}

/** Until something changes its pace: in calm everything is a straight line up to there. */
function nextSpan(kernel: Kernel): Milliseconds {
  const calm = isCalm(kernel);
  let span = calm ? untilContended(kernel) : contendedSpan;
  const sooner = (other: Milliseconds | undefined) => {
    if (other !== undefined) span = least(span, other);
  };
  for (const time of appointments(kernel)) sooner(lessened(time, kernel.now));
  let dying = 0;
  for (const process of kernel.roused) {
    // Who is kept waiting for memory never gets to the end of its step: only in calm is that a time to go by.
    if (calm && isRunning(process)) {
      sooner(untilNextStep(process.growth));
      sooner(untilStreamEnds(process));
    }
    if (!process.isDying) continue;
    dying += 1;
    if (process.mm.owner === process) sooner(untilGivenBack(process.mm));
  }
  return dying < crowd ? span : greatest(span, crowdedSpan);
}

/** When something is due by the clock. */
function appointments({ upcoming, suspends, agenda, nurseries, swaps, psi, now }: Kernel): readonly Milliseconds[] {
  const times: (Milliseconds | undefined)[] = [upcoming[0]?.startsAt, suspends[0]?.at, nextAppointment(agenda)?.at];
  if (psi.trigger.isPending) times.push(psi.trigger.nextSample);
  for (const nursery of nurseries) {
    const birth = nextBirth(nursery);
    // Those that follow each other more closely are born together.
    if (birth !== undefined) times.push(greatest(birth, add(now, contendedSpan)));
  }
  for (const { script, state } of swaps) {
    if (state === "not-yet") times.push(script.swaponAt);
    if (state === "on") times.push(script.swapoffAt);
  }
  return times.filter((time) => time !== undefined);
}

const isCalm = (kernel: Kernel): boolean =>
  !kernel.isKswapdAwake &&
  kernel.kernelVictim === undefined &&
  !kernel.swaps.some(({ state }) => state === "leaving") &&
  !kernel.roused.some(isMissingMemory);

/** How long growth can go on before kswapd has to wake up, or a cgroup meets its limit. */
function untilContended(kernel: Kernel): Milliseconds {
  let span = untilUsed(lessened(freeOf(kernel), kernel.marks.low), kernel.roused);
  for (const memcg of kernel.memcgs) {
    const margin = marginOf(memcg);
    if (margin !== undefined)
      span = least(
        span,
        untilUsed(
          margin,
          kernel.roused.filter((process) => memcg.members.has(process)),
        ),
      );
  }
  return span;
}

function untilUsed(spare: KiB, processes: readonly SimulatedProcess[]): Milliseconds {
  let perSecond = kib(0);
  for (const process of processes) {
    if (isRunning(process)) perSecond = add(perSecond, add(growthPerSecond(process.growth), streamsPerSecond(process)));
  }
  if (perSecond === 0) return spare > 0 ? longestSpan : contendedSpan;
  return greatest(contendedSpan, milliseconds((spare / perSecond) * 1000));
}

/** With nothing moving at all, time may jump as far as anybody waits. */
const longestSpan = milliseconds(3_600_000);
