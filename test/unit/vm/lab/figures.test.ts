import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import { milliseconds } from "#domain/units.ts";
import { figuresOf } from "#test/vm/lab/figures.ts";
import { readRecord } from "#test/vm/record.ts";
import { understandStory } from "#test/vm/story.ts";

const story = understandStory(
  "x",
  `duration = "9s"\nram = "1GiB"\nexpect = { victim = "hog", within = "9s" }\n[[process]]\nname = "hog"\n`,
);

const figures = (...told: readonly string[]) => {
  const record = readRecord(
    ["100.0 zero", ...told, "9100.0 end"].map((line) => `${line.replaceAll(" ", "\t")}\n`).join(""),
    "",
  );
  const output = { record: "", journal: "", console: "", kernelLog: "", isStuck: false };
  const outcome = { output, record, disappointments: [], longestStall: milliseconds(0) };
  return figuresOf({ story, guard: "tidemark", kernel: "6.12" }, outcome);
};

test("everybody who died and was not meant is collateral", () => {
  const { victims, collateral } = figures("200.0 ended hog 7 15", "300.0 ended editor 8 9", "310.0 ended shell 9 9");
  deepEqual(victims, ["hog", "editor", "shell"]);
  equal(collateral, 2);
});

test("a guard's faults and processor time are those since the story began, its memory is the largest", () => {
  const { guard_resident_kib, guard_major_faults, guard_cpu_ms } = figures(
    "200.0 guard 900 0 0 10 500",
    "700.0 guard 950 0 0 12 510",
    "900.0 guard 920 0 0 12 530",
  );
  deepEqual([guard_resident_kib, guard_major_faults, guard_cpu_ms], [950, 2, 30]);
});

test("the least that was available is the least of all samples", () => {
  equal(figures("200.0 memory 500 0", "300.0 memory 40 0", "400.0 memory 700 0").least_available_kib, 40);
});
