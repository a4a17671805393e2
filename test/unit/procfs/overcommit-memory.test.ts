import assert from "node:assert/strict";
import { test } from "node:test";
import { parseOvercommitMemory } from "#procfs/overcommit-memory.ts";
import { readFixture, readRecorded } from "#test/support/fixture.ts";
import { refusal } from "#test/support/soundness.ts";

const hostile = (name: string): Uint8Array => readFixture(`hostile/overcommit_memory/${name}`);

test("the mode has a name", () => {
  assert.equal(parseOvercommitMemory(readRecorded("sys/vm/overcommit_memory")), "heuristic");
  assert.equal(parseOvercommitMemory(hostile("never")), "never");
});

for (const [name, expected] of [
  ["unknown-mode", "0, 1 or 2"],
  ["cut", "a whole number"],
  ["empty", "a whole number"],
] as const) {
  test(`a mode is refused, and says why: ${name}`, () => {
    assert.equal(refusal(() => parseOvercommitMemory(hostile(name))).expected, expected);
  });
}
