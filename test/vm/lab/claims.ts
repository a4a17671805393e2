import { type Milliseconds, milliseconds } from "#domain/units.ts";
import type { Claim } from "#test/support/bench/bench.ts";
import { earlyoomGuard, tidemarkGuard } from "#test/vm/guards.ts";
import { middleStall, showSpan } from "./median.ts";
import type { LabStory } from "./runs.ts";

/** Of earlyoom's longest stall, at most so much is tidemark's. */
interface Bound {
  readonly factor: number;
  /** By so much two stalls have to differ for one to be the longer one. */
  readonly resolution: Milliseconds;
}

/** It is for thrashing that tidemark exists: earlyoom does not see it. */
const whenThrashing: Bound = { factor: 0.5, resolution: milliseconds(0) };

/**
 * A host that has other things to do keeps a whole guest waiting now and then: a wake was 61 ms late when nothing had begun yet,
 * and the stage, which waits for nobody, was 52 ms late with it. What nobody would call a wait is no difference.
 */
const elsewhere: Bound = { factor: 1, resolution: milliseconds(100) };

const boundOf = (story: string): Bound => (story.startsWith("thrash-") ? whenThrashing : elsewhere);

/** What is promised of real shortages, and what was found: medians of the longest stall beside earlyoom's, and who had to go. */
export function claimsOf(stories: readonly LabStory[]): readonly Claim[] {
  const runs = stories.flatMap((story) => story.runs.get(tidemarkGuard.name) ?? []);
  const countAll = (claim: string, isSo: (run: (typeof runs)[number]) => boolean): Claim => {
    const count = runs.filter(isSo).length;
    return { claim, found: `${count} of ${runs.length}`, holds: runs.length > 0 && count === runs.length };
  };
  return [
    countAll("runs in which whoever had to go went, and nobody else", ({ figures }) => figures.isRight),
    countAll("runs in which the kernel did not have to kill", ({ figures }) => figures.byKernel.length === 0),
    ...stories.flatMap(claimOfStall),
  ];
}

/** Nothing is claimed of a story that was not played under both. */
function claimOfStall({ story, runs }: LabStory): readonly Claim[] {
  const ours = middleStall(runs.get(tidemarkGuard.name));
  const theirs = middleStall(runs.get(earlyoomGuard.name));
  if (ours === undefined || theirs === undefined) return [];
  const { factor, resolution } = boundOf(story.name);
  return [
    {
      claim: `${story.name}: longest stall at most ${factor} × earlyoom's`,
      found: `${showRatio(ours, theirs)} (${showSpan(ours)}, ${showSpan(theirs)})`,
      holds: ours <= factor * theirs + resolution,
    },
  ];
}

const showRatio = (ours: Milliseconds, theirs: Milliseconds): string =>
  theirs === 0 ? "–" : (ours / theirs).toFixed(2);
