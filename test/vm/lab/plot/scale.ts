/** Where numbers from 0 on lie on an axis. */
export interface Scale {
  /** Round numbers, the first is 0. */
  readonly ticks: readonly number[];
  /** In pixels, not rounded. */
  place(number: number): number;
}

/** In pixels, where 0 lies and where an axis ends. */
export interface Reach {
  readonly from: number;
  readonly to: number;
}

const mostTicks = 5;

/** An axis for numbers up to `most`, which ends at the first tick that is not below it. */
export function scaleToTick(most: number, reach: Reach): Scale {
  const step = stepFor(most);
  return scaleTo(Math.ceil(most / step) * step, step, reach);
}

/** An axis that ends at `most`, wherever its last tick is. */
export const scaleToEnd = (most: number, reach: Reach): Scale => scaleTo(most, stepFor(most), reach);

const scaleTo = (end: number, step: number, { from, to }: Reach): Scale => ({
  // Of 3 × 0.2 more digits are kept than anybody reads.
  ticks: Array.from({ length: Math.floor(end / step) + 1 }, (_, index) => Number((index * step).toPrecision(6))),
  place: (number) => from + (number / end) * (to - from),
});

/** 1, 2 or 5 times a power of ten, so that there are few of them. */
function stepFor(most: number): number {
  const least = most / mostTicks;
  const power = 10 ** Math.floor(Math.log10(least));
  return [1, 2, 5].map((times) => times * power).find((step) => step >= least) ?? 10 * power;
}
