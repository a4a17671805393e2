import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { agrees, compareSpans, tellSimulated } from "#test/support/calibration/compare.ts";
import type { Told } from "#test/support/calibration/moments.ts";
import { readRecorded } from "#test/support/calibration/recorded-runs.ts";
import { stories } from "#test/support/calibration/stories.ts";

const leastRuns = 5;

const victimsOf = (runs: readonly Told[]): readonly string[] => [
  ...new Set(runs.map(({ victims }) => victims.join(", "))),
];

describe("the simulated machine against a real one", () => {
  for (const story of stories) {
    const recorded = readRecorded(story);

    it(`${story.name}: was played often enough to be compared with`, () => {
      assert.ok(recorded.runs.length >= leastRuns, `${recorded.runs.length} runs`);
    });

    it(`${story.name}: the same die, in the same order, in every run`, async () => {
      const real = victimsOf(recorded.runs);
      assert.equal(real.length, 1, `the real runs differ: ${real.join(" | ")}`);
      assert.deepEqual(victimsOf(await tellSimulated(story, recorded)), real);
    });

    it(`${story.name}: each step takes as long, within what the real runs differ by among themselves`, async () => {
      const compared = compareSpans(story, recorded.runs, await tellSimulated(story, recorded));
      assert.deepEqual(
        compared.filter((span) => !agrees(span)),
        [],
      );
    });
  }
});
