import {
  add,
  below,
  greatest,
  least,
  type Milliseconds,
  type Quantity,
  ratio,
  scale,
  subtract,
} from "#domain/units.ts";

/** An amount at a time; a series is a list of them in the order of time. */
export interface Sample<Q extends Quantity<string>> {
  readonly at: Milliseconds;
  readonly value: Q;
}

/** The value at a time, on a straight line between the samples around it; beyond them, that of the nearest. Undefined without any. */
export function valueAt<Q extends Quantity<string>>(series: readonly Sample<Q>[], at: Milliseconds): Q | undefined {
  const index = firstAfter(series, at);
  const [before, after] = [series[index - 1], series[index]];
  if (before === undefined || after === undefined) return (before ?? after)?.value;
  const passed = ratio(subtract(at, before.at), subtract(after.at, before.at));
  return add<Q>(before.value, scale<Q>(subtract<Q>(after.value, before.value), passed));
}

/** The least and the most between two times, both included; undefined without a sample. */
export function rangeBetween<Q extends Quantity<string>>(
  series: readonly Sample<Q>[],
  from: Milliseconds,
  to: Milliseconds,
): readonly [least: Q, most: Q] | undefined {
  const [first, last] = [valueAt(series, from), valueAt(series, to)];
  if (first === undefined || last === undefined) return undefined;
  const inside = series.slice(firstAfter(series, from), firstAfter(series, to)).map(({ value }) => value);
  return [inside.reduce<Q>(least, least<Q>(first, last)), inside.reduce<Q>(greatest, greatest<Q>(first, last))];
}

/** The place of the first sample later than that time. */
function firstAfter(series: readonly Sample<Quantity<string>>[], at: Milliseconds): number {
  let [low, high] = [0, series.length];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const sample = series[middle];
    if (sample === undefined || below(at, sample.at)) high = middle;
    else low = middle + 1;
  }
  return low;
}
