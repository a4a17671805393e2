/** How a story went. One that was not begun is stuck from its beginning. */
export interface Result {
  readonly name: string;
  /** Wall clock. */
  readonly seconds: number;
  /** Its guest was ended before it switched itself off. */
  readonly isStuck: boolean;
  /** It ended as it had to. */
  readonly isWell: boolean;
}

/** On a run of stories. */
export interface Verdict {
  readonly well: number;
  /** Those that ended otherwise than they had to. */
  readonly wrong: readonly string[];
  /** Those whose guests hung. */
  readonly hung: readonly string[];
  /** How many were not played to the end, for want of time. */
  readonly unplayed: number;
}

/** Guests take about as long as each other, on a slow host as on a fast one. One that takes so much longer hangs. */
const muchLonger = 4;

/** Judges a run. A guest that had to be ended hung, or its host was only too slow. */
export function judgeRun(results: readonly Result[]): Verdict {
  const ended = results.filter(({ isStuck }) => !isStuck);
  const slowest = ended.length === 0 ? Number.POSITIVE_INFINITY : Math.max(...ended.map(({ seconds }) => seconds));
  const names = (list: readonly Result[]): readonly string[] => list.map(({ name }) => name);
  const wrong = names(ended.filter(({ isWell }) => !isWell));
  const hung = names(results.filter(({ isStuck, seconds }) => isStuck && seconds > slowest * muchLonger));
  const well = ended.length - wrong.length;
  return { well, wrong, hung, unplayed: results.length - well - wrong.length - hung.length };
}

/** Of stories that were played several times: how often each ended as it had to, as `10 of 10`. */
export function describeTallies(results: readonly Result[]): readonly string[] {
  const names = [...new Set(results.map(({ name }) => name))];
  if (names.length === results.length) return [];
  return names.map((name) => {
    const runs = results.filter((result) => result.name === name);
    return `${name}: ${runs.filter(({ isWell }) => isWell).length} of ${runs.length}`;
  });
}
