import assert from "node:assert/strict";
import { test } from "node:test";
import { parseOomScoreAdj } from "#procfs/oom-score-adj.ts";
import { bytesOf, readFixture } from "#test/support/fixture.ts";
import { refusal } from "#test/support/soundness.ts";

const hostile = (name: string): Uint8Array => readFixture(`hostile/oom_score_adj/${name}`);

test("every value the kernel can hold is read as it is", () => {
  for (let adj = -1000; adj <= 1000; adj++) assert.equal(parseOomScoreAdj(bytesOf(`${adj}\n`)), adj);
});

test("minus zero is zero", () => {
  assert.ok(Object.is(parseOomScoreAdj(hostile("minus-zero")), 0));
});

for (const [name, expected] of [
  ["out-of-range", "a number from -1000 to 1000"],
  ["below-range", "a number from -1000 to 1000"],
  ["two-signs", "a whole number"],
  ["empty", "a whole number"],
] as const) {
  test(`oom_score_adj is refused, and says why: ${name}`, () => {
    assert.equal(refusal(() => parseOomScoreAdj(hostile(name))).expected, expected);
  });
}
