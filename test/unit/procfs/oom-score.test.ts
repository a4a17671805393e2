import assert from "node:assert/strict";
import { test } from "node:test";
import { mostPermille, parseOomScore } from "#procfs/oom-score.ts";
import { readFixture } from "#test/support/fixture.ts";
import { refusal } from "#test/support/soundness.ts";

const hostile = (name: string): Uint8Array => readFixture(`hostile/oom_score/${name}`);

test("a score is a number", () => assert.equal(parseOomScore(hostile("usual")), 667));

for (const name of ["gone", "cut"]) {
  test(`a score that ends early is that of a process that has gone: ${name}`, () => {
    assert.equal(parseOomScore(hostile(name)), undefined);
  });
}

for (const name of ["negative", "no-number"]) {
  test(`a score that makes no sense is refused: ${name}`, () => {
    assert.equal(refusal(() => parseOomScore(hostile(name))).file, "PID/oom_score");
  });
}

test("whoever shows a score has no more than it says, and at most three thousandths less", () => {
  for (let permille = -999; permille <= 2000; permille += 1) {
    const shown = Math.trunc(((1000 + permille) * 2) / 3);
    const most = mostPermille(shown);
    assert.ok(most >= permille + 1 && most <= permille + 3, `${permille} shows ${shown}, at most ${most}`);
  }
});
