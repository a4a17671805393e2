import { equal } from "node:assert/strict";
import { test } from "node:test";
import { milliseconds } from "#domain/units.ts";
import { aLabRun, runsWithStalls } from "#test/support/lab-runs.ts";
import { middleRun } from "#test/vm/lab/median.ts";

test("the run that is shown is the one with the median stall, and of an even number the better one in the middle", () => {
  const runs = runsWithStalls(900, 100, 500, 700);
  equal(middleRun(runs), runs[2]);
  equal(middleRun(runs.slice(0, 3)), runs[2]);
});

test("of runs with equal stalls, the one is shown whose waits are the median together", () => {
  const runs = [30, 10, 20].map((stalled) => aLabRun({ stalled: milliseconds(stalled) }));
  equal(middleRun(runs), runs[2]);
});

test("of no runs none is shown", () => equal(middleRun([]), undefined));
