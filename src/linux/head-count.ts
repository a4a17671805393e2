import type { Bound } from "#domain/process.ts";
import { kib } from "#domain/units.ts";
import { type Census, pidAt, summarizeRest, type Tally, weightAt } from "./census.ts";
import { pickHeaviest } from "./heaviest.ts";
import type { BookEntry, ProcessBook } from "./process-book.ts";
import type { Weighing } from "./weigh-process.ts";

/** Holds a book against a census. */
export interface HeadCount extends Disposable {
  /**
   * Enters and reads the heaviest of all by each bound; of the others it is known how heavy they are. False: that cannot be told,
   * or they are few, and everybody has to be listed.
   */
  readHeaviest(wish: HeaviestWish): boolean;
  /** Weighs those who are listed and not read, as far as they have memory. */
  weighUnread(): void;
  /** Those who are known, and have more by now than is known of them. Undefined: that cannot be told. */
  findHeavier(): readonly BookEntry[] | undefined;
}

/** How the heaviest are read. */
export interface HeaviestWish {
  readonly bounds: readonly Bound[];
  readonly mayHang: boolean;
  /** So few need not be chosen from. Default: 0. */
  readonly unlessFewer?: number;
}

/** What it goes by. */
export interface HeadCountOptions {
  readonly book: ProcessBook;
  /** Undefined: nobody counts here. */
  readonly census: Census | undefined;
  /** Undefined: to weigh somebody tells nothing, here. */
  readonly weighBy: () => Weighing | undefined;
}

/** What somebody takes who does nothing special. */
const little = kib(128);

/** In KiB, of RAM and swap: nothing, of who has no memory or is not known. */
function countedBefore({ known }: BookEntry): number {
  const memory = known?.facts.memory;
  return memory === undefined ? 0 : memory.counted + memory.swap;
}

/** Nobody has been counted yet. */
export function makeHeadCount({ book, census, weighBy }: HeadCountOptions): HeadCount {
  const { entries, unread } = book;

  const take = (): Tally | undefined => {
    const by = weighBy();
    return by && census?.take(by);
  };

  return {
    readHeaviest({ bounds, mayHang, unlessFewer = 0 }) {
      const tally = take();
      if (tally === undefined || tally.count < unlessFewer) return false;
      // From the end: of many who have the same, the younger go first, which have higher numbers for the most part.
      const last = tally.count - 1;
      for (const bound of bounds) {
        const weights = tally.most[bound];
        for (const place of pickHeaviest(tally.count, (at) => weights[last - at] ?? 0)) {
          const entry = book.add(pidAt(tally, last - place));
          if (unread.has(entry)) book.read(entry, mayHang);
        }
      }
      book.leaveOut(summarizeRest(tally, (pid) => entries.has(pid)));
      return true;
    },
    weighUnread() {
      const tally = take();
      if (tally === undefined) return;
      for (let n = 0; n < tally.count; n += 1) {
        const entry = entries.get(pidAt(tally, n));
        if (entry !== undefined && unread.has(entry)) entry.weight = weightAt(tally, n);
      }
    },
    findHeavier() {
      const tally = take();
      if (tally === undefined) return undefined;
      const found: BookEntry[] = [];
      for (let n = 0; n < tally.count; n += 1) {
        const entry = entries.get(pidAt(tally, n));
        if (entry !== undefined && (tally.counted[n] ?? 0) > countedBefore(entry) + little) found.push(entry);
      }
      return found;
    },
    [Symbol.dispose]: () => census?.[Symbol.dispose](),
  };
}
