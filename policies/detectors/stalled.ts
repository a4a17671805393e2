import type { Pressure } from "#domain/pressure.ts";
import { type Milliseconds, microseconds, millisecondsToMicroseconds, type Percent, share } from "#domain/units.ts";

/** Both lines of PSI, as counters of stalled microseconds. */
export const stallCounts = ({ some, full }: Pressure): Readonly<Record<"some" | "full", number>> => ({
  some: some.total,
  full: full.total,
});

/** The share of a window that was lost to a stall. @param grown microseconds: what a line of PSI grew by within it */
export const stalledShare = (grown: number, window: Milliseconds): Percent =>
  share(microseconds(grown), millisecondsToMicroseconds(window));
