import type { ProcessFacts, ProcessTable } from "#domain/process.ts";
import { type DigestWish, digest, type TableDigest } from "#domain/table-digest.ts";
import type { Pid } from "#domain/units.ts";
import type { Leaders } from "./leaders.ts";
import type { ProcessBook } from "./process-book.ts";
import type { TableChanges } from "./table-changes.ts";

/** Whose knowledge is told. */
export interface TellerOptions {
  readonly book: ProcessBook;
  readonly leaders: Leaders;
  readonly changes: TableChanges;
  /** Reads whoever reads, and its ancestors. */
  readonly readOwnLine: () => ReadonlySet<Pid>;
}

/** Which table is told: one that is kept current comes with what is known of it. */
export type TellingWish = Pick<DigestWish, "since"> & { readonly keepsTable?: boolean };

/** Tells the table of a book. */
export function makeTeller({
  book,
  leaders,
  changes,
  readOwnLine,
}: TellerOptions): (wish: TellingWish) => ProcessTable {
  const factsOf = (pids: Iterable<Pid>): readonly ProcessFacts[] =>
    [...pids].flatMap((pid) => book.entries.get(pid)?.known?.facts ?? []);

  /** What is known of a table with everybody in it, for whoever is in a hurry. */
  const digestFor = (processes: readonly ProcessFacts[], wanted: TellingWish["since"]): TableDigest | undefined => {
    const difference = changes.since(wanted);
    if (difference === undefined) return undefined;
    const changed = difference.changes.flatMap(({ now }) => now ?? []);
    const heads = new Set([...changed, ...factsOf([...leaders.pids(), ...readOwnLine()])]);
    const others = leaders.tellOthers(new Set([...heads].map(({ identity }) => identity.pid)), processes.length);
    return others && { ...difference, ...others, heads: [...heads] };
  };

  return ({ keepsTable = false, since }) => {
    const table = book.table();
    if (table.unread !== undefined) return table;
    const found = keepsTable ? digestFor(table.processes, since) : undefined;
    if (found !== undefined) digest(table.processes, found);
    changes.begin(table.processes);
    return table;
  };
}
