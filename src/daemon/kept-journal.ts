import { bytes, type Milliseconds } from "#domain/units.ts";
import type { Entry } from "#journal/entry.ts";
import type { Level } from "#journal/event.ts";
import { createJournal, type Journal } from "#journal/journal.ts";
import type { Outlet } from "#journal/outlet.ts";
import { createSink } from "#journal/sink.ts";

const nowhere: Outlet = { tryWrite: (content) => content.length, waitForRoom: () => true };

/** What a journal that is not printed is made of. */
export interface KeptJournalOptions {
  /** Gets every entry that would have been printed. */
  readonly keep: (entry: Entry) => void;
  readonly level?: Level;
  readonly now: () => Milliseconds;
  /** What stands in for the wall clock of the entries. */
  readonly wallTime: () => number;
}

/** The journal as the daemon keeps it, throttle and all, but handed over instead of printed. */
export const keptJournal = ({ keep, level = "info", now, wallTime }: KeptJournalOptions): Journal =>
  createJournal({
    sink: createSink(nowhere, bytes(2 ** 16)),
    encode: (entry) => {
      keep(entry);
      return "";
    },
    level,
    now,
    wallTime,
  });
