import { type Milliseconds, milliseconds, subtract } from "#domain/units.ts";

/** CLOCK_MONOTONIC, which processes share; the machine's own clock begins with a process. */
const sharedNow = (): Milliseconds => milliseconds(Number(process.hrtime.bigint()) / 1e6);

/** When this process began, on the clock that processes share. */
export const processBegan = (): Milliseconds => subtract(sharedNow(), milliseconds(performance.now()));

/** A time of the shared clock on a clock of our own: before 0, if that began later. */
export const onOwnClock = (at: Milliseconds, now: Milliseconds): Milliseconds =>
  subtract(now, subtract(sharedNow(), at));
