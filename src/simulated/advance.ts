import { add, below, greatest, least, lessened, type Milliseconds, milliseconds, subtract } from "#domain/units.ts";
import { isMissingMemory } from "./demand.ts";
import { settleExits, untilGivenBack } from "./exit.ts";
import { growthPerSecond, untilNextStep } from "./growth.ts";
import { freeOf, type Kernel, watermarksOf } from "./kernel.ts";
import { runOomReaper } from "./oom-killer.ts";
import { isRunning, type SimulatedProcess } from "./process.ts";
import { startDue } from "./spawn.ts";
import { step } from "./step.ts";

/** While memory is fought for, demand and reclaim are taken as constant for so long. */
const contendedSpan = milliseconds(10);
/** No step is shorter, so that time goes on whatever rounding does. */
const shortestSpan = milliseconds(0.001);

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
  startDue(kernel);
  for (const process of kernel.processes) stopIfDue(process, kernel.now);
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
  const at = (time: Milliseconds | undefined) => sooner(time === undefined ? undefined : lessened(time, kernel.now));
  at(kernel.upcoming[0]?.startsAt);
  if (kernel.psi.trigger.isPending) at(kernel.psi.trigger.nextSample);
  for (const process of kernel.processes) {
    // Who is kept waiting for memory never gets to the end of its step: only in calm is that a time to go by.
    if (calm && isRunning(process)) sooner(untilNextStep(process.growth));
    if (process.isDying && process.mm.owner === process) sooner(untilGivenBack(process.mm));
    at(process.leavesAt);
    if (isRunning(process)) at(process.script.stopsAt);
  }
  return span;
}

const isCalm = (kernel: Kernel): boolean =>
  !kernel.isKswapdAwake && kernel.kernelVictim === undefined && !kernel.processes.some(isMissingMemory);

/** How long growth can go on before kswapd has to wake up. */
function untilContended(kernel: Kernel): Milliseconds {
  const perSecond = kernel.processes.reduce(
    (total, process) => (isRunning(process) ? total + growthPerSecond(process.growth) : total),
    0,
  );
  const spare = lessened(freeOf(kernel), watermarksOf(kernel.scenario).low);
  if (perSecond === 0) return spare > 0 ? longestSpan : contendedSpan;
  return greatest(contendedSpan, milliseconds((spare / perSecond) * 1000));
}

/** With nothing moving at all, time may jump as far as anybody waits. */
const longestSpan = milliseconds(3_600_000);
