import type { KiB } from "#domain/units.ts";

/** Where the alarms of a zone lie. `min < low < high`, proven when the plan is compiled. */
export interface Watermarks {
  readonly min: KiB;
  readonly low: KiB;
  readonly high: KiB;
}
