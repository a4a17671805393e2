import { deepEqual } from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { keepRun } from "#test/vm/keep.ts";
import { readLab, releasesOf, remaining } from "#test/vm/lab/runs.ts";
import { readStory } from "#test/vm/story.ts";

const cell = (story: string, guard: string) => ({ story, guard });
const [a, b] = [cell("thrash", "tidemark"), cell("thrash", "earlyoom")];
const counts = (ofA: number, ofB: number) => (which: typeof a) => (which === a ? ofA : ofB);

test("each cell is run once before any is run twice", () => {
  deepEqual(remaining([a, b], counts(0, 0), 2), [a, b, a, b]);
});

test("what was run before it was interrupted is not run again", () => {
  deepEqual(remaining([a, b], counts(1, 0), 2), [b, a, b]);
  deepEqual(remaining([a, b], counts(2, 3), 2), []);
});

test("runs that are kept are judged and measured when they are read", () => {
  const folder = mkdtempSync(join(tmpdir(), "tidemark-kept-"));
  try {
    const record = [
      "0.0 zero",
      "900.0 woke editor 3 300.0",
      "1000.0 ended hog 7 15",
      "1050.0 woke editor 3 1.0",
      "1100.0 end",
    ];
    const output = { journal: "", console: "", kernelLog: "Linux version 6.12 (x)\n", isStuck: false };
    const said = record.map((line) => `${line.replaceAll(" ", "\t")}\n`).join("");
    keepRun(folder, cell("fast-hog-no-swap", "tidemark"), { ...output, record: said });
    const stories = readLab(folder, ["fast-hog-no-swap", "slow-leak"].map(readStory), ["tidemark", "kernel"]);
    deepEqual(
      stories.map(({ story, runs }) => [story.name, [...runs.keys()]]),
      [["fast-hog-no-swap", ["tidemark"]]],
    );
    const [run] = stories[0]?.runs.get("tidemark") ?? [];
    deepEqual([run?.figures.isRight, run?.figures.victims, run?.figures.longestStall], [true, ["hog"], 300]);
    deepEqual(releasesOf(stories), ["6.12"]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
