import { knownValue, type Snapshot } from "#domain/snapshot.ts";
import {
  add,
  below,
  type Microseconds,
  type Milliseconds,
  millisecondsToMicroseconds,
  percent,
  percentOf,
  seconds,
  subtract,
} from "#domain/units.ts";

/** What is remembered of stalls: while there are none to speak of, nothing can thrash. */
export interface FeltStall {
  /** `total=` of the line `some` at the last look. */
  readonly total: Microseconds;
  /** When that was. */
  readonly seenAt: Milliseconds;
  /** When it was last seen to grow by more than a trace. Undefined: never. */
  readonly at: Milliseconds | undefined;
}

/** Counters are read this long after a stall, so that their windows have an end. */
const aftermath = seconds(10);

/** Remembers whether any task has stalled since the look before. */
export function feelStall(snapshot: Snapshot, before: FeltStall | undefined): FeltStall | undefined {
  const total = knownValue(snapshot.pressure)?.some.total;
  if (total === undefined) return before;
  const { takenAt: seenAt } = snapshot;
  const hasGrown = before !== undefined && below(leastFelt(before, seenAt), total);
  return { total, seenAt, at: hasGrown ? seenAt : before?.at };
}

/** Less than this share of the time is on any machine that works: a microsecond here and there. */
const trace = percent(1);

const leastFelt = ({ total, seenAt }: FeltStall, at: Milliseconds): Microseconds =>
  add(total, traceOf(subtract(at, seenAt)));

/** What counts as no stall in so much time. */
export const traceOf = (span: Milliseconds): Microseconds => percentOf(trace, millisecondsToMicroseconds(span));

/** Whether tasks stall, or did so a moment ago. */
export const isFelt = (stall: FeltStall | undefined, at: Milliseconds): boolean =>
  stall?.at !== undefined && below(subtract(at, stall.at), aftermath);
