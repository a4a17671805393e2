/**
 * How much each of those who want something may have at most, so that all of the supply is given and who wants little gets
 * all of it: the fair share of a queue that serves everybody in turn. Infinity: there is enough for all.
 */
export function waterLevel(wants: readonly number[], supply: number): number {
  let left = supply;
  let level = 0;
  let waiting = wants;
  // Every round serves those who want no more than an equal part; what they leave raises the part of the others.
  while (waiting.length > 0) {
    level = left / waiting.length;
    const thirsty = waiting.filter((want) => want > level);
    if (thirsty.length === waiting.length) return level;
    for (const want of waiting) if (want <= level) left -= want;
    waiting = thirsty;
  }
  return Number.POSITIVE_INFINITY;
}
