import { deepEqual, equal } from "node:assert/strict";
import { describe, test } from "node:test";
import { milliseconds } from "#domain/units.ts";
import { aLabRun, aLabStory, runsWithStalls } from "#test/support/lab-runs.ts";
import { claimsOf } from "#test/vm/lab/claims.ts";

/** The claim about the stall of a story, of which each was played once. */
const claim = (story: string, ours: number, theirs: number) =>
  claimsOf([aLabStory(story, { tidemark: runsWithStalls(ours), earlyoom: runsWithStalls(theirs) })]).at(2);
const holds = (story: string, ours: number, theirs: number) => claim(story, ours, theirs)?.holds;

describe("what is claimed of the longest stall", () => {
  test("is half of earlyoom's where a machine thrashes, and nothing more", () => {
    equal(holds("thrash-disk-swap", 1000, 2000), true);
    equal(holds("thrash-disk-swap", 1001, 2000), false);
  });

  test("is earlyoom's elsewhere, but for what a busy host adds", () => {
    equal(holds("slow-leak", 2100, 2000), true);
    equal(holds("slow-leak", 2101, 2000), false);
    equal(holds("slow-leak", 101, 0), false);
  });

  test("is of all waits together as well where a machine thrashes", () => {
    const story = aLabStory("thrash-zram", {
      tidemark: [aLabRun({ longestStall: milliseconds(400), stalled: milliseconds(900) })],
      earlyoom: [aLabRun({ longestStall: milliseconds(500), stalled: milliseconds(2000) })],
    });
    deepEqual(claimsOf([story]).slice(2), [
      { claim: "thrash-zram: longest stall at most 0.5 × earlyoom's", found: "0.80 (400 ms, 500 ms)", holds: false },
      { claim: "thrash-zram: all waits together at most 0.5 × earlyoom's", found: "0.45 (900 ms, 2 s)", holds: true },
    ]);
  });

  test("is about medians", () => {
    const runs = { tidemark: runsWithStalls(9000, 10, 10), earlyoom: runsWithStalls(500, 500, 0) };
    deepEqual(claimsOf([aLabStory("slow-leak", runs)]).at(-1), {
      claim: "slow-leak: longest stall at most 1 × earlyoom's",
      found: "0.02 (10 ms, 500 ms)",
      holds: true,
    });
  });

  test("has no ratio where under earlyoom nobody waited", () => {
    equal(claim("slow-leak", 0, 0)?.found, "– (none, none)");
  });

  test("is nothing where earlyoom did not play", () => {
    equal(claimsOf([aLabStory("slow-leak", { tidemark: [aLabRun()] })]).length, 2);
  });
});

describe("what is claimed of victims", () => {
  const victims = (...runs: readonly Parameters<typeof aLabRun>[0][]) =>
    claimsOf([aLabStory("slow-leak", { tidemark: runs.map(aLabRun), kernel: [aLabRun({ isRight: false })] })]);

  test("holds for every run under tidemark, or not at all", () => {
    deepEqual(
      victims({}, { byKernel: ["hog"], isRight: false }).map(({ found, holds: isSo }) => [found, isSo]),
      [
        ["1 of 2", false],
        ["1 of 2", false],
      ],
    );
    deepEqual(
      victims({}).map(({ found, holds: isSo }) => [found, isSo]),
      [
        ["1 of 1", true],
        ["1 of 1", true],
      ],
    );
  });

  test("does not hold where nothing was played", () => equal(victims()[0]?.holds, false));
});
