import { type KiB, type Milliseconds, milliseconds, seconds } from "#domain/units.ts";
import type { Watermarks } from "./watermarks.ts";

/** How fast headroom falls. */
export interface Trend {
  readonly at: Milliseconds;
  readonly headroom: KiB;
  /** KiB per millisecond; negative while memory comes back. */
  readonly fall: number;
  /** The same between the last two looks alone. */
  readonly lastFall: number;
  /** The same over about a quarter of a second, however close together the looks are: a spike hardly moves it. */
  readonly steady: number;
}

const steadiness = milliseconds(250);

/** The mean of what was and what is measured now, so that one odd look does not decide. */
export function followTrend(trend: Trend | undefined, headroom: KiB, at: Milliseconds): Trend {
  if (trend === undefined) return { at, headroom, fall: 0, lastFall: 0, steady: 0 };
  if (at <= trend.at) return { ...trend, headroom };
  const lastFall = (trend.headroom - headroom) / (at - trend.at);
  const weight = 1 - Math.exp(-(at - trend.at) / steadiness);
  const steady = trend.steady + weight * (lastFall - trend.steady);
  return { at, headroom, fall: (trend.fall + lastFall) / 2, lastFall, steady };
}

/** Looks come a second apart at most: so there is one at least two seconds before. */
const foresight = seconds(3);

/** Whether headroom falls so fast that it will soon be below `high`. */
export const isTroubleNear = (
  { trend }: { readonly trend: Trend | undefined },
  { headroom: { high } }: { readonly headroom: Watermarks },
): boolean => trend !== undefined && trend.steady > 0 && trend.headroom - high < trend.steady * foresight;
