import assert from "node:assert/strict";
import { test } from "node:test";
import { parsePressure } from "#procfs/pressure.ts";
import { bytesOf, readFixture, readRecorded } from "#test/support/fixture.ts";
import { refusal } from "#test/support/soundness.ts";

const hostile = (name: string): Uint8Array => readFixture(`hostile/pressure/${name}`);

test("both lines of a recorded quiet machine are zero", () => {
  const quiet = { average10: 0, average60: 0, average300: 0, total: 0 };
  assert.deepEqual(parsePressure(readRecorded("pressure/memory")), { some: quiet, full: quiet });
});

test("averages keep their two decimals, and totals every microsecond", () => {
  assert.deepEqual(parsePressure(hostile("under-pressure")), {
    some: { average10: 100, average60: 87.05, average300: 9.5, total: 9_007_199_254_740_991 },
    full: { average10: 63.21, average60: 0.01, average300: 0, total: 1_911_047 },
  });
});

test("a field a later kernel adds to the file in a line of its own is no damage", () => {
  const text =
    "some avg10=1.00 avg60=0.00 avg300=0.00 total=5\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=4\nirq x\n";
  assert.equal(parsePressure(bytesOf(text)).full.total, 4);
});

for (const [name, line, expected] of [
  ["some-only", 2, '"full"'],
  ["empty", 1, '"some"'],
  ["full-first", 1, '"some"'],
  ["over-100", 1, "a percentage with two decimals"],
  ["one-decimal", 1, "a percentage with two decimals"],
  ["total-past-2-53", 1, "a number below 2^53"],
] as const) {
  test(`pressure is refused where it stops making sense: ${name}`, () => {
    const error = refusal(() => parsePressure(hostile(name)));
    assert.deepEqual([error.file, error.line, error.expected], ["pressure/memory", line, expected]);
  });
}
