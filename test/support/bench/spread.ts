import { median } from "./median.ts";

/** A number of at most three figures that count. */
export function showNumber(number: number): string {
  if (Number.isNaN(number)) return "–";
  if (Math.abs(number) >= 100) return number.toFixed(0);
  return number.toFixed(Math.abs(number) >= 10 ? 1 : 2);
}

/** The smallest, the median and the largest; a dash of nothing. */
export function showSpread(numbers: readonly number[]): string {
  if (numbers.length === 0) return "–";
  return [Math.min(...numbers), median(numbers), Math.max(...numbers)].map(showNumber).join(" / ");
}

/** Numbers between 0 and 1 that are the same for the same seed (a multiplicative congruential generator). */
export function chances(seed: number): () => number {
  const modulus = 2 ** 31 - 1;
  let state = (seed % modulus) + 1;
  return () => {
    state = (state * 48_271) % modulus;
    return state / modulus;
  };
}
