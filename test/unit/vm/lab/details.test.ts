import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import { kib, milliseconds } from "#domain/units.ts";
import { aLabRun, aLabStory, runsWithStalls } from "#test/support/lab-runs.ts";
import { detailsOf } from "#test/vm/lab/details.ts";
import type { Figures } from "#test/vm/lab/figures.ts";
import type { LabRun } from "#test/vm/lab/runs.ts";

/** The cells of a guard's row, by the titles of their columns. */
const row = (...runs: readonly LabRun[]): Readonly<Record<string, string>> => {
  const { columns, rows } = detailsOf(aLabStory("leak", { tidemark: runs }));
  return Object.fromEntries(columns.map((title, at) => [title, rows[0]?.[at] ?? ""]));
};
const rowWith = (...figures: readonly Partial<Figures>[]) => row(...figures.map(aLabRun));

test("a row has the medians of its runs, and counts those that ended as they had to", () => {
  equal(row(...runsWithStalls(100, 4000, 200))["stall"], "200 ms");
  equal(rowWith({ isRight: true }, { isRight: false }, { isRight: true })["right"], "2/3");
});

test("what no run measured is left empty, and is no part of a median", () => {
  equal(rowWith({ guard: undefined })["faults"], "");
  const guard = { resident: kib(2048), majorFaults: 3, cpu: milliseconds(0) };
  equal(rowWith({ guard: undefined }, { guard })["faults"], "3");
});

test("whom the guard ended and whom the kernel ended are told apart", () => {
  const told = rowWith({ victims: ["hog", "editor", "hog"], byKernel: ["hog"] }, { victims: ["hog"] });
  equal(told["ended"], "hog ×2, editor + hog (kernel) / hog");
  equal(told["kernel"], "1/2");
});

test("runs that ended alike are told once", () => {
  equal(rowWith({}, { victims: [] }, {})["ended"], "hog / nobody");
});

test("a machine that had not recovered took longer than any that had", () => {
  const recoveries = [
    { took: milliseconds(900), isOver: false },
    { took: milliseconds(3000), isOver: true },
    { took: milliseconds(800), isOver: false },
  ];
  equal(rowWith(...recoveries.map((recovery) => ({ recovery })))["recovery"], "> 800 ms");
  equal(rowWith(...recoveries.slice(1).map((recovery) => ({ recovery })))["recovery"], "> 800 ms");
  equal(rowWith(...recoveries.slice(1, 2).map((recovery) => ({ recovery })))["recovery"], "3 s");
});

test("guards have a row each, in their order", () => {
  const { rows } = detailsOf(aLabStory("leak", { kernel: [aLabRun()], earlyoom: [aLabRun()] }));
  deepEqual(
    rows.map(([guard]) => guard),
    ["kernel", "earlyoom"],
  );
});
