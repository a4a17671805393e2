import type { Bound } from "#domain/process.ts";
import type { BookEntry } from "./process-book.ts";

/** So many of the heaviest are read whole at a look. */
export const readByWeight = 64;

/** The heaviest first, of those that have been weighed. */
export const byWeight =
  (bound: Bound) =>
  (a: BookEntry, b: BookEntry): number =>
    (b.weight?.[bound] ?? 0) - (a.weight?.[bound] ?? 0);

/** The places of the heaviest of so many, in no order: thousands need not be put in order to find them. */
export function pickHeaviest(count: number, weightAt: (place: number) => number): readonly number[] {
  const picked = Array.from({ length: Math.min(count, readByWeight) }, (_, place) => place);
  const findLightest = (): number =>
    picked.reduce((found, each, at) => (weightAt(each) < weightAt(picked[found] ?? each) ? at : found), 0);
  let lightest = findLightest();
  let least = weightAt(picked[lightest] ?? 0);
  for (let place = picked.length; place < count; place += 1) {
    if (weightAt(place) <= least) continue;
    picked[lightest] = place;
    lightest = findLightest();
    least = weightAt(picked[lightest] ?? 0);
  }
  return picked;
}

/**
 * Of those who were weighed, who may be chosen before any other by these bounds, and all of whom nobody can say what they have, or
 * that they can be chosen.
 */
export function pickByWeight(entries: readonly BookEntry[], bounds: readonly Bound[]): ReadonlySet<BookEntry> {
  const heaviest = bounds.flatMap((bound) => pickHeaviest(entries.length, (at) => entries[at]?.weight?.[bound] ?? 0));
  return new Set([
    ...entries.filter(({ weight }) => weight === undefined || weight.permille === 0),
    ...heaviest.flatMap((at) => entries[at] ?? []),
  ]);
}
