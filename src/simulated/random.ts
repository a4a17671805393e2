/** Numbers in [0, 1) that look random and depend on the seed alone. */
export type Random = () => number;

/** mulberry32: 32 bits of state are plenty for jitter, and it is the same on every machine. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

/** A factor around 1 that is at most `spread` away from it. */
export const jitter = (random: Random, spread: number): number => 1 + (random() * 2 - 1) * spread;
