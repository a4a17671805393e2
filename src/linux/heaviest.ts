import type { Bound } from "#domain/process.ts";
import type { BookEntry } from "./process-book.ts";

/** The heaviest first, of those that have been weighed. */
export const byWeight =
  (bound: Bound) =>
  (a: BookEntry, b: BookEntry): number =>
    (b.weight?.[bound] ?? 0) - (a.weight?.[bound] ?? 0);

/** So many of the heaviest, in no order: thousands need not be put in order to find them. */
export function pickHeaviest(entries: Iterable<BookEntry>, bound: Bound, most: number): readonly BookEntry[] {
  const weightOf = ({ weight }: BookEntry): number => weight?.[bound] ?? 0;
  const picked: BookEntry[] = [];
  let lightest = 0;
  for (const entry of entries) {
    if (picked.length < most) picked.push(entry);
    else if (weightOf(entry) > weightOf(picked[lightest] ?? entry)) picked[lightest] = entry;
    else continue;
    lightest = picked.reduce((least, each, at) => (weightOf(each) < weightOf(picked[least] ?? each) ? at : least), 0);
  }
  return picked;
}
