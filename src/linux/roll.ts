import { below, type Milliseconds, milliseconds, type Pid, subtract } from "#domain/units.ts";
import { monotonicNow } from "./clock.ts";
import type { DescriptorReserve } from "./descriptor-reserve.ts";
import { makeNewcomers } from "./newcomers.ts";
import { makePidListing } from "./pid-listing.ts";
import type { BookEntry, ProcessBook } from "./process-book.ts";

/** Who is there: enters who comes into a book, and strikes out who has left. */
export interface Roll extends Disposable {
  /** Lists everybody at once. @throws SystemError */
  call(): void;
  /** The same, part by part. @throws SystemError */
  callSlowly(): Iterable<void>;
  /** Whether everybody has been listed, and since then nobody can have come unseen. */
  isComplete(): boolean;
  /** Enters who came since they were asked for before, and tells whom. Undefined: we have lost sight of them. */
  enterNewcomers(): readonly BookEntry[] | undefined;
  /** Who was entered so a short time ago that it may not be yet what it will be, the youngest of them. */
  youngest(): readonly BookEntry[];
}

/** Whoever starts a process forks, changes its user, and executes another program, within this time for the most part. */
const youth = milliseconds(2000);
/** So many are read in 3 ms: in a fork storm all are alike. */
const mostYoung = 64;

interface Arrival {
  readonly entry: BookEntry;
  readonly at: Milliseconds;
}

/** What a roll is called with. */
export interface RollOptions {
  readonly root: string;
  readonly book: ProcessBook;
  readonly reserve: DescriptorReserve;
}

/** Nobody has been called yet. */
export function makeRoll({ root, book, reserve }: RollOptions): Roll {
  const { entries } = book;
  const newcomers = makeNewcomers(root, monotonicNow);
  let isComplete = false;
  let losses = 0;
  /** Numbers that nobody had yet when they were asked for: a task gets its number before it can be found by it. */
  let early: readonly Pid[] = [];
  let arrivals: readonly Arrival[] = [];

  /** Those who are still there, and still young. */
  const youngAt = (now: Milliseconds): readonly Arrival[] =>
    arrivals.filter(({ entry, at }) => below(subtract(now, at), youth) && entries.get(entry.pid) === entry);

  function* callSlowly(): Iterable<void> {
    using listing = makePidListing(root, reserve);
    const lossesBefore = losses;
    if (!isComplete) newcomers.begin();
    const before = [...entries.keys()];
    const listed = new Set<Pid>();
    for (let part = listing.next(); part !== undefined; part = listing.next()) {
      for (const pid of part) {
        listed.add(pid);
        book.add(pid);
      }
      yield;
    }
    // Who came meanwhile and was entered at a look is not among those before.
    for (const pid of before) if (!listed.has(pid)) book.remove(pid);
    isComplete ||= lossesBefore === losses;
    book.leaveOut(undefined);
  }

  return {
    call() {
      for (const _ of callSlowly());
    },
    callSlowly,
    isComplete: () => isComplete,
    enterNewcomers() {
      const given = newcomers.since();
      if (given === undefined) {
        losses++;
        isComplete = false;
        return undefined;
      }
      const late = early.filter((pid) => !entries.has(pid));
      early = given;
      const at = monotonicNow();
      const entered = [...late, ...given].map(book.addNewcomer);
      arrivals = [...youngAt(at), ...entered.map((entry) => ({ entry, at }))];
      return entered;
    },
    youngest() {
      arrivals = youngAt(monotonicNow());
      return arrivals.slice(-mostYoung).map(({ entry }) => entry);
    },
    [Symbol.dispose]: () => newcomers[Symbol.dispose](),
  };
}
