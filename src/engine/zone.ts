import type { Watermark } from "#domain/alarm.ts";
import { below, type KiB } from "#domain/units.ts";
import type { Watermarks } from "./plan.ts";

/** The deepest watermark that is not reached; undefined when there is plenty. */
export function breachedWatermark(free: KiB, marks: Watermarks): Watermark | undefined {
  if (below(free, marks.min)) return "min";
  if (below(free, marks.low)) return "low";
  return below(free, marks.high) ? "high" : undefined;
}

/**
 * kswapd's hysteresis: scarcity begins below `low`, and ends when `high` is reached again.
 * @see mm/vmscan.c: pgdat_balanced
 */
export function staysScarce(wasScarce: boolean, breached: Watermark | undefined): boolean {
  if (breached === undefined) return false;
  return breached === "high" ? wasScarce : true;
}
