import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import { figuresOf } from "#test/vm/lab/figures.ts";
import { judgeGuest } from "#test/vm/play.ts";
import { understandStory } from "#test/vm/story.ts";

const story = understandStory(
  "x",
  `duration = "9s"\nram = "1GiB"\nexpect = { victim = "hog", within = "9s" }\n[[process]]\nname = "hog"\n`,
);

const figures = (...told: readonly string[]) => {
  const lines = ["100.0 zero", ...told, "9100.0 end"].map((line) => `${line.replaceAll(" ", "\t")}\n`);
  const output = { record: lines.join(""), journal: "", console: "", kernelLog: "", isStuck: false };
  return figuresOf(story, judgeGuest(story, output));
};

test("everybody who died and was not meant is collateral", () => {
  const { victims, collateral } = figures("200.0 ended hog 7 15", "300.0 ended editor 8 9", "310.0 ended shell 9 9");
  deepEqual(victims, ["hog", "editor", "shell"]);
  equal(collateral, 2);
});

test("a run in which the guest itself was not well is not right, whoever went", () => {
  equal(figures("200.0 ended hog 7 15").isRight, true);
  equal(figures("200.0 ended hog 7 15", "300.0 trouble who watched is gone").isRight, false);
});

test("a guard's faults and processor time are those since the story began, its memory is the largest", () => {
  const { guard } = figures("200.0 guard 900 0 0 10 500", "700.0 guard 950 0 0 12 510", "900.0 guard 920 0 0 12 530");
  deepEqual(guard, { resident: 950, majorFaults: 2, cpu: 30 });
});

test("where nobody watched there are no figures of a guard", () => equal(figures().guard, undefined));

test("all waits are added up, and the longest of them is told", () => {
  const { longestStall, stalled } = figures(
    "1000.0 woke editor 3 200",
    "2000.0 woke editor 3 300",
    "9000.0 woke editor 3 1",
  );
  deepEqual([longestStall, stalled], [300, 500]);
});
