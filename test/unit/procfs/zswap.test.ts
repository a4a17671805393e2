import assert from "node:assert/strict";
import { test } from "node:test";
import { parseMaxPoolPercent } from "#procfs/max-pool-percent.ts";
import { parseModuleFlag } from "#procfs/module-flag.ts";
import { readFixture } from "#test/support/fixture.ts";
import { refusal } from "#test/support/soundness.ts";

const hostile = (path: string): Uint8Array => readFixture(`hostile/${path}`);

test("a flag of a module is Y or N", () => {
  assert.equal(parseModuleFlag(hostile("module-flag/on")), true);
  assert.equal(parseModuleFlag(hostile("module-flag/off")), false);
});

test("a pool of more than all RAM is one of all RAM", () => {
  assert.equal(parseMaxPoolPercent(hostile("max_pool_percent/usual")), 20);
  assert.equal(parseMaxPoolPercent(hostile("max_pool_percent/over-100")), 100);
});

for (const [name, expected] of [
  ["number", '"Y" or "N"'],
  ["empty", '"Y" or "N"'],
  ["longer-word", "the end of the line"],
  ["cut", "the end of the line"],
] as const) {
  test(`a flag is refused, and says why: ${name}`, () => {
    assert.equal(refusal(() => parseModuleFlag(hostile(`module-flag/${name}`))).expected, expected);
  });
}

for (const name of ["cut", "negative"]) {
  test(`a share of RAM is refused, and says why: ${name}`, () => {
    assert.equal(refusal(() => parseMaxPoolPercent(hostile(`max_pool_percent/${name}`))).expected, "a whole number");
  });
}
