import { equal, match } from "node:assert/strict";
import { test } from "node:test";
import type { LabFigures } from "#test/vm/lab/figures.ts";
import { renderLab } from "#test/vm/lab/table.ts";

const run = (told: Partial<LabFigures>): LabFigures => ({
  story: "thrash",
  guard: "tidemark",
  kernel: "6.12",
  is_right: true,
  victims: ["hog"],
  kernel_victims: [],
  collateral: 0,
  longest_stall_ms: 100,
  stalled_ms: 100,
  troubles: [],
  ...told,
});

test("a row has the medians of its runs, and counts those that ended as they had to", () => {
  const runs = [100, 4000, 200].map((stall) => run({ longest_stall_ms: stall, is_right: stall < 1000 }));
  match(renderLab(runs, [run({})]), /^\| tidemark \| 3 \| 2 \| hog \| 0 \| 0 \| 200 ms \| 100 ms \|/m);
});

test("what no run measured is left empty, and is no part of a median", () => {
  match(renderLab([run({})], [run({})]), /\| 100 ms \| 100 ms \| {2}\| {2}\| {2}\|$/m);
  match(renderLab([run({}), run({ guard_major_faults: 3 })], [run({})]), /\| {2}\| 3 \| {2}\|$/m);
});

test("whom the guard ended and whom the kernel ended are told apart", () => {
  const one = run({ victims: ["hog", "editor", "hog"], kernel_victims: ["hog"] });
  match(renderLab([one], [one]), /\| hog ×2, editor \+ hog \(kernel\) \|/);
});

test("runs that ended differently are all told", () => {
  const runs = [run({}), run({ victims: [] }), run({})];
  match(renderLab(runs, [run({})]), /\| hog \/ nobody \|/);
});

test("a story that nobody has played has no table", () => {
  equal(renderLab([], [run({})]), "");
});
