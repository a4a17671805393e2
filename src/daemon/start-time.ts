import { type Milliseconds, subtract } from "#domain/units.ts";
import { monotonicNow, sharedNow } from "#linux/clock.ts";

/** When this process began, on the clock that processes share. */
export const processBegan = (): Milliseconds => subtract(sharedNow(), monotonicNow());

/** A time of the shared clock on a clock of our own: before 0, if that began later. */
export const onOwnClock = (at: Milliseconds, now: Milliseconds): Milliseconds =>
  subtract(now, subtract(sharedNow(), at));
