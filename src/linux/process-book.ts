import type { ProcessFacts, ProcessTable, UnreadProcesses } from "#domain/process.ts";
import type { SystemFailure } from "#domain/system-error.ts";
import { greatest, initPid, kib, type Pid } from "#domain/units.ts";
import { ownPid } from "#native-bindings/process-ids.ts";
import { orderByAge } from "./by-age.ts";
import { failureOf, isDenied } from "./failure.ts";
import type { KeptDescriptors } from "./kept-descriptors.ts";
import { type KnownProcess, type ProcessSource, readProcess, rereadProcess } from "./process-reader.ts";
import { highestPermille, type Weighing, type Weight, weighProcess } from "./weigh-process.ts";

/** One process, as far as it is known: listed only, with its score, whole, or refused. */
export interface BookEntry {
  readonly pid: Pid;
  /** It came while the others were known already. */
  readonly isNewcomer: boolean;
  known?: KnownProcess;
  /** What was known once, and may be true no more. */
  former?: KnownProcess;
  /** Of one who is not known. */
  weight?: Weight;
  failure?: SystemFailure;
}

/** What is known of all processes of a machine. */
export interface ProcessBook {
  readonly entries: ReadonlyMap<Pid, BookEntry>;
  /** Those of whom nothing is known but that they are there, and perhaps their weight. */
  readonly unread: ReadonlySet<BookEntry>;
  /** Enters who is not in it yet. */
  add(pid: Pid): BookEntry;
  /** Enters somebody new: whatever is known under that pid is of another. */
  addNewcomer(pid: Pid): BookEntry;
  remove(pid: Pid): void;
  /** Says what is known of all who are there and not entered. Undefined: nobody. */
  leaveOut(others: UnreadProcesses | undefined): void;
  /** Takes nobody for known any more; what is found to be still true when somebody is read again stays the very same. */
  doubt(): void;
  /** Reads all of a process; it goes when it has gone. */
  read(entry: BookEntry, mayHang: boolean): void;
  /** Reads no more of a known process than shows that it has not changed, if it has not. */
  check(entry: BookEntry, mayHang: boolean): void;
  /** Reads the least of a process that tells whether it can matter. */
  weigh(entry: BookEntry, weighing: Weighing): void;
  table(): ProcessTable;
}

/** Hears of what is learnt. */
export interface BookListener {
  onChange(before: ProcessFacts, now: ProcessFacts | undefined): void;
  onAcquaintance(now: ProcessFacts, isNewcomer: boolean): void;
}

/** What a book is written with. */
export interface BookOptions extends Omit<ProcessSource, "mayHang"> {
  readonly kept: KeptDescriptors;
  readonly listener: BookListener;
}

/** An empty book. */
export function openBook({ kept, listener, ...source }: BookOptions): ProcessBook {
  const { files } = source;
  const entries = new Map<Pid, BookEntry>();
  const unread = new Set<BookEntry>();
  const refused = new Map<Pid, SystemFailure>();
  const byAge = orderByAge();
  let leftOut: UnreadProcesses | undefined;

  const forget = (entry: BookEntry): void => {
    if (entry.known === undefined) return;
    byAge.remove(entry.known.facts);
    listener.onChange(entry.known.facts, undefined);
    delete entry.known;
  };

  const remove = (pid: Pid): void => {
    const entry = entries.get(pid);
    if (entry === undefined) return;
    kept.drop(pid);
    forget(entry);
    entries.delete(pid);
    unread.delete(entry);
    refused.delete(pid);
  };

  const enter = (pid: Pid, isNewcomer: boolean): BookEntry => {
    const entry: BookEntry = { pid, isNewcomer };
    entries.set(pid, entry);
    unread.add(entry);
    return entry;
  };

  const learn = (entry: BookEntry, known: KnownProcess | undefined): void => {
    if (known === undefined) {
      remove(entry.pid);
      return;
    }
    unread.delete(entry);
    refused.delete(entry.pid);
    delete entry.failure;
    delete entry.former;
    const before = entry.known?.facts;
    entry.known = known;
    if (before === known.facts) return;
    if (before !== undefined && before.identity !== known.facts.identity) byAge.remove(before);
    byAge.put(known.facts);
    if (before === undefined) listener.onAcquaintance(known.facts, entry.isNewcomer);
    else listener.onChange(before, known.facts);
  };

  /** One process that cannot be read, hidden or not understood, must not hide all the others. */
  const attempt = (entry: BookEntry, read: () => void): void => {
    try {
      read();
    } catch (error) {
      forget(entry);
      unread.delete(entry);
      entry.failure = failureOf(error, `/proc/${entry.pid}`);
      refused.set(entry.pid, entry.failure);
    }
  };

  return {
    entries,
    unread,
    add: (pid) => entries.get(pid) ?? enter(pid, false),
    addNewcomer(pid) {
      remove(pid);
      return enter(pid, true);
    },
    remove,
    leaveOut(others) {
      leftOut = others;
    },
    doubt() {
      // The youngest first: nobody else has to move up.
      for (const { identity } of [...byAge.list()].reverse()) {
        const entry = entries.get(identity.pid);
        if (entry?.known === undefined) continue;
        const { known } = entry;
        forget(entry);
        delete entry.weight;
        entry.former = known;
        unread.add(entry);
      }
    },
    read(entry, mayHang) {
      const before = entry.known ?? entry.former;
      attempt(entry, () => learn(entry, readProcess(entry.pid, { ...source, mayHang }, before)));
    },
    check(entry, mayHang) {
      const from = { ...source, mayHang };
      const { known, former, pid } = entry;
      attempt(entry, () => learn(entry, known ? rereadProcess(known, from) : readProcess(pid, from, former)));
    },
    weigh(entry, weighing) {
      attempt(entry, () => {
        const weight = weighProcess(files, entry.pid, weighing);
        if (weight === undefined) remove(entry.pid);
        else entry.weight = weight;
      });
    },
    table() {
      const failures = [...refused.values()];
      const damaged = failures.find((failure) => !isDenied(failure));
      return {
        self: files.readSelf() ?? ownPid(),
        processes: byAge.list(),
        // hidepid=2 leaves init out of the listing, hidepid=1 lists it and refuses its files.
        isComplete: (entries.has(initPid) || leftOut !== undefined) && failures.length === 0,
        ...((unread.size > 0 || leftOut !== undefined) && { unread: summarize(unread, leftOut) }),
        ...(damaged && { failure: damaged }),
      };
    },
  };
}

/** Who was not even weighed may be anybody. */
const most = kib(Number.MAX_SAFE_INTEGER);
const anybody: Weight = { held: most, own: most, permille: highestPermille };

const nobody: UnreadProcesses = { count: 0, held: kib(0), own: kib(0), permille: 0 };

function summarize(unread: ReadonlySet<BookEntry>, others: UnreadProcesses = nobody): UnreadProcesses {
  let { held, own = held, permille } = others;
  for (const { weight = anybody } of unread) {
    held = greatest(held, weight.held);
    own = greatest(own, weight.own);
    permille = Math.max(permille, weight.permille);
  }
  return { count: unread.size + others.count, held, own, permille };
}
