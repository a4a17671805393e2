import { type Milliseconds, milliseconds } from "#domain/units.ts";

/** Time since this process began; CLOCK_MONOTONIC, so that it stands still while the machine is suspended. */
export const monotonicNow = (): Milliseconds => milliseconds(performance.now());
