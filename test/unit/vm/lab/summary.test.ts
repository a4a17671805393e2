import { deepEqual } from "node:assert/strict";
import { test } from "node:test";
import { aLabStory, runsWithStalls } from "#test/support/lab-runs.ts";
import { summaryOf } from "#test/vm/lab/summary.ts";

test("each story has a line, with a cell for each guard that played any", () => {
  const stories = [
    aLabStory("leak", { tidemark: runsWithStalls(0, 0, 900), kernel: runsWithStalls(4000) }),
    aLabStory("storm", { kernel: runsWithStalls(70) }),
  ];
  const { columns, rows } = summaryOf(stories, ["tidemark", "oomd", "kernel"]);
  deepEqual(columns, ["story", "tidemark", "kernel"]);
  deepEqual(rows, [
    ["[leak](#leak)", "3/3, none", "1/1, 4 s"],
    ["[storm](#storm)", "", "1/1, 70 ms"],
  ]);
});
