import { knownValue } from "#domain/snapshot.ts";
import type { KiB, Microseconds, Milliseconds } from "#domain/units.ts";
import type { Turn } from "./loop.ts";

/** What one look saw, for a plot. */
export interface CurvePoint {
  readonly at: Milliseconds;
  /** As the engine counts it. */
  readonly headroom: KiB;
  /** Time in which all tasks stalled, since boot. Undefined: the look did not read it. */
  readonly stalled: Microseconds | undefined;
}

/** The point of a turn; none when nothing was known of memory. */
export function pointOf({ engine, snapshot }: Turn): readonly CurvePoint[] {
  if (engine.trend === undefined) return [];
  const stalled = knownValue(snapshot.pressure)?.full.total;
  return [{ at: snapshot.takenAt, headroom: engine.trend.headroom, stalled }];
}
