import type { KiB, Milliseconds, Percent } from "#domain/units.ts";

type Step = readonly [unit: string, worth: number];

const sizes: readonly Step[] = [
  ["KiB", 1],
  ["MiB", 1024],
  ["GiB", 1024 ** 2],
  ["TiB", 1024 ** 3],
];

const spans: readonly Step[] = [
  ["ms", 1],
  ["s", 1000],
  ["min", 60_000],
  ["h", 3_600_000],
  ["days", 86_400_000],
];

/** The largest unit in which the amount, rounded to one decimal, is at least 1. */
function express(amount: number, steps: readonly [Step, ...Step[]] | readonly Step[]): string {
  const size = Math.abs(amount);
  const [unit, worth] = steps.findLast(([, of]) => size / of >= 0.95) ?? steps[0] ?? ["", 1];
  return `${(amount / worth).toFixed(1)} ${unit}`;
}

const withoutZeroDecimal = (text: string): string => text.replace(".0 ", " ");

/** `1.5 GiB`, `160 MiB`; negative amounts (terms of a score) keep their sign. */
export const describeSize = (size: KiB): string => withoutZeroDecimal(express(size, sizes));

/** As {@link describeSize}, with its decimal even when it is zero: for columns. */
export const columnSize = (size: KiB): string => express(size, sizes);

/** `0.4 ms`, `3.2 s`, `12 min`. */
export const describeSpan = (span: Milliseconds): string => withoutZeroDecimal(express(span, spans));

/** `42.5 %`. */
export const describeShare = (share: Percent): string => withoutZeroDecimal(`${share.toFixed(1)} %`);
