import assert from "node:assert/strict";
import { test } from "node:test";
import { parseSysctl } from "#procfs/sysctl.ts";
import { readFixture } from "#test/support/fixture.ts";
import { refusal } from "#test/support/soundness.ts";

const hostile = (name: string): Uint8Array => readFixture(`hostile/sysctl/${name}`);

test("a sysctl is a number, which may be negative", () => {
  assert.deepEqual(
    ["usual", "negative"].map((name) => parseSysctl(hostile(name))),
    [1, -1],
  );
});

for (const name of ["cut", "no-number", "two-numbers"]) {
  test(`a sysctl that makes no sense is refused: ${name}`, () => {
    assert.equal(refusal(() => parseSysctl(hostile(name))).file, "sysctl");
  });
}
