import { type Milliseconds, milliseconds } from "#domain/units.ts";
import type { Claim } from "#test/support/bench/bench.ts";
import { earlyoomGuard, tidemarkGuard } from "#test/vm/guards.ts";
import { middleWaiting, showSpan, type Waiting } from "./median.ts";
import type { LabStory } from "./runs.ts";

/** Of earlyoom's waits, at most so much is tidemark's. */
interface Bound {
  readonly of: Waiting;
  readonly factor: number;
  /** By so much two stalls have to differ for one to be the longer one. */
  readonly resolution: Milliseconds;
}

/**
 * It is for thrashing that tidemark exists: earlyoom does not see it. No wait for files is longer than it takes to read what one
 * wake goes through, however long a machine thrashes: that shows in all waits together.
 */
const whenThrashing: readonly Bound[] = [
  { of: "longestStall", factor: 0.5, resolution: milliseconds(0) },
  { of: "stalled", factor: 0.5, resolution: milliseconds(0) },
];

/**
 * A host that has other things to do keeps a whole guest waiting now and then: a wake was 61 ms late when nothing had begun yet,
 * and the stage, which waits for nobody, was 52 ms late with it. What nobody would call a wait is no difference.
 */
const elsewhere: readonly Bound[] = [{ of: "longestStall", factor: 1, resolution: milliseconds(100) }];

const boundsOf = (story: string): readonly Bound[] => (story.startsWith("thrash-") ? whenThrashing : elsewhere);

/** What is promised of real shortages, and what was found: medians of the waits beside earlyoom's, and who had to go. */
export function claimsOf(stories: readonly LabStory[]): readonly Claim[] {
  const runs = stories.flatMap((story) => story.runs.get(tidemarkGuard.name) ?? []);
  const countAll = (claim: string, isSo: (run: (typeof runs)[number]) => boolean): Claim => {
    const count = runs.filter(isSo).length;
    return { claim, found: `${count} of ${runs.length}`, holds: runs.length > 0 && count === runs.length };
  };
  return [
    countAll("runs in which whoever had to go went, and nobody else", ({ figures }) => figures.isRight),
    countAll("runs in which the kernel did not have to kill", ({ figures }) => figures.byKernel.length === 0),
    ...stories.flatMap((played) => boundsOf(played.story.name).flatMap((bound) => claimOfWaiting(played, bound))),
  ];
}

const words: Readonly<Record<Waiting, string>> = { longestStall: "longest stall", stalled: "all waits together" };

/** Nothing is claimed of a story that was not played under both. */
function claimOfWaiting({ story, runs }: LabStory, { of, factor, resolution }: Bound): readonly Claim[] {
  const ours = middleWaiting(runs.get(tidemarkGuard.name), of);
  const theirs = middleWaiting(runs.get(earlyoomGuard.name), of);
  if (ours === undefined || theirs === undefined) return [];
  return [
    {
      claim: `${story.name}: ${words[of]} at most ${factor} × earlyoom's`,
      found: `${showRatio(ours, theirs)} (${showSpan(ours)}, ${showSpan(theirs)})`,
      holds: ours <= factor * theirs + resolution,
    },
  ];
}

const showRatio = (ours: Milliseconds, theirs: Milliseconds): string =>
  theirs === 0 ? "–" : (ours / theirs).toFixed(2);
