import assert from "node:assert/strict";
import { test } from "node:test";
import { kib } from "#domain/units.ts";
import { parsePgscan, parseReclaimable } from "#procfs/memory-stat.ts";
import { readFixture } from "#test/support/fixture.ts";
import { refusal } from "#test/support/soundness.ts";

const hostile = (path: string): Uint8Array => readFixture(`hostile/${path}`);

test("the kernel can drop the pages of files that are neither dirty nor being written, in v1 as in v2", () => {
  const expected = kib(6144 + 2048 - 1024 - 512);
  assert.equal(parseReclaimable(hostile("memory.stat/v2"), "v2"), expected);
  assert.equal(parseReclaimable(hostile("memory.stat-v1/usual"), "v1"), expected);
});

test("pages scanned are told by v2, each once", () => {
  assert.equal(parsePgscan(hostile("memory.stat/v2")), 4131);
  assert.equal(parsePgscan(hostile("memory.stat-v1/usual")), undefined);
});

test("before Linux 4.2 nothing is known to be dirty", () => {
  assert.equal(parseReclaimable(hostile("memory.stat-v1/before-4.2"), "v1"), kib(6144 + 2048));
});

test("counters of two moments make no negative amount", () => {
  assert.equal(parseReclaimable(hostile("memory.stat/v2-dirtier-than-listed"), "v2"), 0);
});

for (const [path, kind, expected] of [
  ["memory.stat/without-lists", "v2", 'a line "inactive_file "'],
  ["memory.stat/cut", "v2", "a whole number"],
  ["memory.stat-v1/no-totals", "v1", 'a line "total_active_file "'],
] as const) {
  test(`${path} is refused, and says why`, () => {
    assert.equal(refusal(() => parseReclaimable(hostile(path), kind)).expected, expected);
  });
}
