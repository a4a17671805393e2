import assert from "node:assert/strict";
import { test } from "node:test";
import { parseSwappiness } from "#procfs/swappiness.ts";
import { readFixture } from "#test/support/fixture.ts";
import { refusal } from "#test/support/soundness.ts";

const hostile = (name: string): Uint8Array => readFixture(`hostile/swappiness/${name}`);

test("swappiness is a number", () => assert.equal(parseSwappiness(hostile("usual")), 60));

for (const name of ["cut", "no-number"]) {
  test(`a swappiness that makes no sense is refused: ${name}`, () => {
    assert.equal(refusal(() => parseSwappiness(hostile(name))).file, "swappiness");
  });
}
