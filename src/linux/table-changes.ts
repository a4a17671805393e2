import type { Identity } from "#domain/identity.ts";
import type { ProcessFacts } from "#domain/process.ts";
import type { ProcessChange } from "#domain/table-digest.ts";

/** What has changed since tables that were told. */
export interface TableChanges {
  /** What a process was and is; undefined: it was not known, or has gone. */
  note(before: ProcessFacts | undefined, now: ProcessFacts | undefined): void;
  /** A table with all processes has been told. */
  begin(processes: readonly ProcessFacts[]): void;
  /** What has changed since then; since the last one, when it does not matter. Undefined: that was not remembered. */
  since(processes: readonly ProcessFacts[] | undefined): Since | undefined;
}

/** An earlier table, and the difference. */
export interface Since {
  readonly since: readonly ProcessFacts[];
  readonly changes: readonly ProcessChange[];
}

interface Mark {
  readonly processes: readonly ProcessFacts[];
  /** By the identity as an object, which stays the same as long as the process does. */
  readonly changes: Map<Identity, ProcessChange>;
}

/** Remembers the last table, and the one that was asked about last: trouble began there. */
export function noteChanges(): TableChanges {
  let latest: Mark | undefined;
  let wanted: Mark | undefined;

  const noteIn = ({ changes }: Mark, before: ProcessFacts | undefined, now: ProcessFacts | undefined): void => {
    const identity = (before ?? now)?.identity;
    if (identity === undefined) return;
    const first = changes.has(identity) ? changes.get(identity)?.before : before;
    if (first === now) changes.delete(identity);
    else changes.set(identity, { before: first, now });
  };

  return {
    note(before, now) {
      for (const mark of new Set([latest, wanted])) {
        if (mark === undefined) continue;
        if (before === undefined || now === undefined || before.identity === now.identity) noteIn(mark, before, now);
        else {
          // Another process has the pid.
          noteIn(mark, before, undefined);
          noteIn(mark, undefined, now);
        }
      }
    },
    begin(processes) {
      if (latest?.processes !== processes) latest = { processes, changes: new Map() };
    },
    since(processes) {
      const mark = processes === undefined ? latest : [latest, wanted].find((each) => each?.processes === processes);
      if (mark === undefined) return undefined;
      wanted = mark;
      return { since: mark.processes, changes: [...mark.changes.values()] };
    },
  };
}
