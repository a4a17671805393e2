import { type Milliseconds, milliseconds } from "#domain/units.ts";

/** Time since this process began; CLOCK_MONOTONIC, so that it stands still while the machine is suspended. */
export const monotonicNow = (): Milliseconds => milliseconds(performance.now());

/** The same clock as all processes share it: CLOCK_MONOTONIC. */
export const sharedNow = (): Milliseconds => milliseconds(Number(process.hrtime.bigint()) / 1e6);
