import type { Watermark } from "#domain/alarm.ts";
import { below, type KiB } from "#domain/units.ts";
import type { Watermarks } from "./watermarks.ts";

/** The deepest watermark that is not reached; undefined when there is plenty. */
export function breachedWatermark(free: KiB, marks: Watermarks): Watermark | undefined {
  if (below(free, marks.min)) return "min";
  if (below(free, marks.low)) return "low";
  return below(free, marks.high) ? "high" : undefined;
}

const depths: Readonly<Record<Watermark, number>> = { high: 1, low: 2, min: 3 };

/** Whether what is breached lies as deep as a watermark, or deeper. */
export const reaches = (breached: Watermark | undefined, watermark: Watermark): boolean =>
  breached !== undefined && depths[breached] >= depths[watermark];
