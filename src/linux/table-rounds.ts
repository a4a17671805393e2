import { add, below, type Milliseconds, milliseconds } from "#domain/units.ts";
import { monotonicNow } from "./clock.ts";
import { ignore } from "./failure.ts";
import { byWeight } from "./heaviest.ts";
import type { Leaders } from "./leaders.ts";
import type { ProcessBook } from "./process-book.ts";
import type { Roll } from "./roll.ts";
import type { UnexplainedGrowth } from "./unexplained-growth.ts";
import type { Weighing } from "./weigh-process.ts";

/** Goes through all processes again and again, step by step. */
export interface TableRounds extends Disposable {
  /** Takes one more step: one process, or a part of the list. False: there is nothing to do at present. */
  goOn(mayHang: boolean): boolean;
  /** The next step begins a new round, with a new list. */
  beginAnew(): void;
}

/** What a round is about. */
export interface RoundOptions {
  readonly book: ProcessBook;
  readonly roll: Roll;
  readonly growth: UnexplainedGrowth;
  readonly leaders: Leaders;
  /** Undefined: to weigh somebody tells nothing, here. */
  readonly weighBy: () => Weighing | undefined;
}

/** No process is read more often than once in this time, however few there are. */
const leastRound = milliseconds(1000);

/**
 * Who is not known comes first: all by their weight, then one after the other whole, the highest first, so that the time
 * there is goes to those who matter. Then everybody else is asked whether anything has changed.
 */
export function makeTableRounds({ book, roll, growth, leaders, weighBy }: RoundOptions): TableRounds {
  const { entries, unread } = book;
  let mayHang = false;
  let steps: Generator<void> | undefined;
  let nextRound: Milliseconds | undefined;

  function* weighUnread(): Generator<void> {
    const by = weighBy();
    for (const entry of by === undefined ? [] : [...unread]) {
      if (by !== undefined && unread.has(entry)) book.weigh(entry, by);
      yield;
    }
  }

  /** By a new measure everybody is ranked anew. */
  function* rankKnown(): Generator<void> {
    for (const { pid, known } of entries.values()) {
      if (known === undefined || leaders.isNoted(pid)) continue;
      leaders.note(known.facts);
      yield;
    }
  }

  function* goRound(): Generator<void> {
    growth.beginRound();
    yield* rankKnown();
    yield* roll.callSlowly();
    const known = [...entries.values()].filter((entry) => !unread.has(entry));
    yield* weighUnread();
    for (const entry of [...[...unread].sort(byWeight("held")), ...known]) {
      if (entries.get(entry.pid) !== entry) continue;
      book.check(entry, mayHang);
      yield;
    }
    leaders.settle();
  }

  /** What a round holds open is closed at its end, also when that comes early. */
  const end = (): void => {
    steps?.return(undefined);
    steps = undefined;
  };

  return {
    goOn(canWait) {
      mayHang = canWait;
      const now = monotonicNow();
      if (steps === undefined) {
        if (nextRound !== undefined && below(now, nextRound)) return false;
        nextRound = add(now, leastRound);
        steps = goRound();
      }
      try {
        if (steps.next().done) steps = undefined;
      } catch (error) {
        end();
        ignore(error, "the look that needs the table tells");
      }
      return steps !== undefined;
    },
    beginAnew() {
      end();
      nextRound = undefined;
    },
    [Symbol.dispose]: end,
  };
}
