import { knownValue, type Snapshot } from "#domain/snapshot.ts";
import { below, type Microseconds, type Milliseconds, seconds, subtract } from "#domain/units.ts";

/** What is remembered of stalls, however short: while there are none, nothing can thrash. */
export interface FeltStall {
  /** `total=` of the line `some` at the last look. */
  readonly total: Microseconds;
  /** When it was last seen to grow. Undefined: never. */
  readonly at: Milliseconds | undefined;
}

/** Counters are read this long after a stall, so that their windows have an end. */
const aftermath = seconds(10);

/** Remembers whether any task has stalled since the look before. */
export function feelStall(snapshot: Snapshot, before: FeltStall | undefined): FeltStall | undefined {
  const total = knownValue(snapshot.pressure)?.some.total;
  if (total === undefined) return before;
  const hasGrown = before !== undefined && below(before.total, total);
  return { total, at: hasGrown ? snapshot.takenAt : before?.at };
}

/** Whether tasks stall, or did so a moment ago. */
export const isFelt = (stall: FeltStall | undefined, at: Milliseconds): boolean =>
  stall?.at !== undefined && below(subtract(at, stall.at), aftermath);
