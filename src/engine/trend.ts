import { type KiB, type Milliseconds, milliseconds } from "#domain/units.ts";

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
