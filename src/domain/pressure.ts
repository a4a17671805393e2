import type { Microseconds, Percent } from "./units.ts";

/** One line of a PSI file. Averages are shares of the last 10, 60 and 300 s, updated every 2 s by the kernel. */
export interface Stall {
  readonly average10: Percent;
  readonly average60: Percent;
  readonly average300: Percent;
  /** All the time stalled since boot, current at each read: the source of every decision here. */
  readonly total: Microseconds;
}

/** Pressure of memory, or of input and output. @see Documentation/accounting/psi.rst  @since Linux 4.20 */
export interface Pressure {
  /** At least one task stalled. */
  readonly some: Stall;
  /** All tasks that were not idle stalled at the same time. */
  readonly full: Stall;
}
