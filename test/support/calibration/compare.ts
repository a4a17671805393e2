import { kib, milliseconds } from "#domain/units.ts";
import { median } from "#test/support/bench/median.ts";
import { nameOfSpan, summarize, type Told } from "./moments.ts";
import { delayed, playSimulated } from "./play-simulated.ts";
import { scenarioOf } from "./read-story.ts";
import type { Recorded } from "./recorded-runs.ts";
import type { Story } from "./stories.ts";

/** One span, on the real machine and on the simulated one, in milliseconds. */
export interface ComparedSpan {
  readonly span: string;
  /** Median of the real runs. */
  readonly real: number;
  /** What the middle half of the real runs lies between. */
  readonly quartiles: readonly [number, number];
  /** Median of the simulated runs. */
  readonly simulated: number;
  /** How far apart the two medians may be. */
  readonly tolerance: number;
}

const simulatedRuns = 7;
/** Not a divisor of any time between looks, so that each run meets the looks at another moment. */
const betweenBeginnings = 37;

/** Plays a story on a simulated machine of the size of the real one, again and again, each time a little different. */
export async function tellSimulated(story: Story, { machine }: Recorded): Promise<readonly Told[]> {
  const scenario = scenarioOf(story, kib(machine.ramKiB));
  const runs: Told[] = [];
  for (let run = 0; run < simulatedRuns; run += 1) {
    const one = delayed({ ...scenario, seed: run + 1 }, milliseconds(run * betweenBeginnings));
    runs.push(summarize(await playSimulated(story, one), story.spans));
  }
  return runs;
}

/** Sets the spans of the real runs beside those of the simulated ones. */
export const compareSpans = (
  { spans }: Story,
  real: readonly Told[],
  simulated: readonly Told[],
): readonly ComparedSpan[] =>
  spans.map(nameOfSpan).map((span) => {
    const times = timesOf(real, span);
    const quartiles = [quantile(times, 1 / 4), quantile(times, 3 / 4)] as const;
    return {
      span,
      real: median(times),
      quartiles,
      simulated: median(timesOf(simulated, span)),
      tolerance: toleranceOf(span, median(times), quartiles),
    };
  });

const timesOf = (runs: readonly Told[], span: string): readonly number[] =>
  runs.flatMap(({ spans }) => spans[span] ?? []);

/** In the sorted values, between its neighbours where it falls between two. */
function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const place = share * (sorted.length - 1);
  const [lower = 0, upper = lower] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
  return lower + (upper - lower) * (place - Math.floor(place));
}

/** The journal tells whole milliseconds, a real hog grows every 10 ms, and a process dies when the scheduler lets it. */
const leastTolerance = 10;
/** From a watermark to a signal, the real daemon reads its process table as well: the model reads it in no time. */
const tableTakes = 10;
/** Who is right to a tenth is right: other machines differ from this one by more. */
const tolerableShare = 1 / 10;

/** As far as the real runs differ among themselves (their middle half), and never less than can be told apart. */
function toleranceOf(span: string, real: number, [first, third]: readonly [number, number]): number {
  const least = / crossed → /.test(span) ? leastTolerance + tableTakes : leastTolerance;
  return Math.max(least, tolerableShare * real, third - first);
}

/** Whether the simulated machine takes as long as the real one. */
export const agrees = ({ real, simulated, tolerance }: ComparedSpan): boolean =>
  Math.abs(simulated - real) <= tolerance;
