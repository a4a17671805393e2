import type { Alarm } from "#domain/alarm.ts";
import type { Milliseconds, StartTicks } from "#domain/units.ts";
import type { FamilyName } from "./family.ts";

/** A fork storm of which all have to go, those included that are not born yet. */
export interface Sweep {
  readonly name: FamilyName;
  /** Who was started later belongs to it. */
  readonly youngest: StartTicks;
  /** What it was condemned upon. */
  readonly alarm: Alarm;
  readonly until: Milliseconds;
  /** Nobody of it was left at the last look: who comes later goes only if memory runs short again. */
  readonly isClear: boolean;
}
