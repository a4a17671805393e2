import assert from "node:assert/strict";
import { test } from "node:test";
import { parseStatm } from "#procfs/statm.ts";
import { readFixture, readRecorded, textOf } from "#test/support/fixture.ts";
import { recordedPids } from "#test/support/procfs-corpus.ts";
import { refusal } from "#test/support/soundness.ts";

for (const process of recordedPids) {
  test(`statm of the recorded process ${process} is its first three numbers`, () => {
    const [size, resident, shared] = textOf(readRecorded(`${process}/statm`))
      .split(" ")
      .map(Number);
    assert.deepEqual(parseStatm(readRecorded(`${process}/statm`)), { size, resident, shared });
  });
}

test("a thread without memory has zeros", () => {
  assert.deepEqual(parseStatm(readFixture("hostile/statm/zeros")), { size: 0, resident: 0, shared: 0 });
});

test("fewer than seven numbers are refused", () => {
  assert.equal(refusal(() => parseStatm(readFixture("hostile/statm/five-fields"))).expected, '" "');
  assert.equal(refusal(() => parseStatm(readFixture("hostile/statm/empty"))).found, "the end of the file");
});
