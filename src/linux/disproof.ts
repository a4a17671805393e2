/** What V8 takes for constant while a function that reads it is hot. */
interface Guess {
  limit: number;
}

/** Turns until a function counts as hot, with room to spare. */
const hot = 100_000;

/**
 * Lets V8 optimize functions for what they have seen so far. The answer is to be called later: it makes that untrue, so that V8 runs the
 * code by which it goes back. In a kill that happens to hot code, which has only ever seen calm, and it must not be paged in then.
 */
export function prepareDisproof(): () => void {
  const guess: Guess = { limit: 1 };
  const sumOf = (numbers: Uint8Array | readonly number[]): number => {
    let total = 0;
    for (let at = 0; at < numbers.length; at++) total += numbers[at] ?? 0;
    return total;
  };
  const above = (total: number): number => total - guess.limit;
  const bytes = new Uint8Array(8);
  let kept = 0;
  for (let turn = 0; turn < hot; turn++) kept = above(sumOf(bytes));
  return () => {
    // First an argument of another kind, in the middle of hot code, then what was assumed of an object.
    kept = sumOf([1.5]);
    guess.limit = kept;
    above(kept);
  };
}
