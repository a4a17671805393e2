import type { Alarm } from "#domain/alarm.ts";
import type { Milliseconds, StartTicks } from "#domain/units.ts";
import type { FamilyName } from "./family.ts";

/** Who belongs to a sweep. */
export interface Swept {
  readonly name: FamilyName;
  /** Who was started later belongs to it. */
  readonly youngest: StartTicks;
  /** Whether somebody of them had to live, and may fork on. Otherwise whoever comes after their end was started by others: a service again. */
  readonly isIncomplete: boolean;
}

/** Processes of which all have to go, those included that are not born yet: a fork storm, or a unit that is killed as one. */
export interface Sweep extends Swept {
  /** What it was condemned upon. */
  readonly alarm: Alarm;
  /** When they were signalled. */
  readonly begunAt: Milliseconds;
  readonly until: Milliseconds;
  /** Nobody of it was left at the last look: who comes later goes only if memory runs short again. */
  readonly isClear: boolean;
}
