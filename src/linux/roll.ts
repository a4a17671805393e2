import type { Pid } from "#domain/units.ts";
import { monotonicNow } from "./clock.ts";
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
}

/** Nobody has been called yet. */
export function makeRoll(root: string, book: ProcessBook): Roll {
  const { entries } = book;
  const newcomers = makeNewcomers(root, monotonicNow);
  let isComplete = false;
  let losses = 0;
  /** Numbers that nobody had yet when they were asked for: a task gets its number before it can be found by it. */
  let early: readonly Pid[] = [];

  function* callSlowly(): Iterable<void> {
    using listing = makePidListing(root);
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
      return [...late, ...given].map(book.addNewcomer);
    },
    [Symbol.dispose]: () => newcomers[Symbol.dispose](),
  };
}
