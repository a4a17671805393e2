import { keptJournal } from "#daemon/kept-journal.ts";
import type { Milliseconds } from "#domain/units.ts";
import type { Journal } from "#journal/journal.ts";

/** A journal that nobody reads; what is no error is not even put into words. */
export const silentJournal = (now: () => Milliseconds): Journal =>
  keptJournal({ keep: () => undefined, level: "error", now, wallTime: now });
