import assert from "node:assert/strict";
import { test } from "node:test";
import { bytes, kib, mib } from "#domain/units.ts";
import { parseZramBdStat } from "#procfs/zram-bd-stat.ts";
import { parseZramMmStat } from "#procfs/zram-mm-stat.ts";
import { readFixture } from "#test/support/fixture.ts";
import { refusal } from "#test/support/soundness.ts";

const hostile = (path: string): Uint8Array => readFixture(`hostile/${path}`);
const stored = (name: string, pageSize = 4096) => parseZramMmStat(hostile(`mm_stat/${name}`), bytes(pageSize));

test("zram occupies what its allocator takes, not only what is compressed", () => {
  assert.equal(stored("in-use").occupied, mib(300));
});

test("pages of one word are no data that was compressed, whatever the size of a page", () => {
  assert.equal(stored("in-use").original, mib(1024 - 4));
  assert.equal(stored("in-use", 65_536).original, mib(1024 - 64));
  assert.equal(stored("one-word-pages-only").original, 0);
});

test("a limit of zero is none", () => {
  assert.equal(stored("in-use").limit, mib(512));
  assert.deepEqual(stored("empty-device"), { original: 0, occupied: 0, limit: undefined });
});

test("Linux 4.1 tells in seven fields what is needed", () => {
  assert.deepEqual(stored("linux-4.1"), { original: kib(4), occupied: kib(12), limit: undefined });
});

test("what was written back counts in pages of 4 KiB", () => {
  assert.equal(parseZramBdStat(hostile("bd_stat/in-use")), mib(8));
});

for (const [name, expected] of [
  ["negative-limit", "a whole number"],
  ["cut", "a whole number"],
  ["empty", "a whole number"],
  ["past-2-53", "a number below 2^53"],
] as const) {
  test(`mm_stat is refused, and says why: ${name}`, () => {
    const error = refusal(() => stored(name));
    assert.deepEqual([error.file, error.expected], ["zram/mm_stat", expected]);
  });
}

for (const name of ["cut", "no-number"]) {
  test(`bd_stat is refused, and says why: ${name}`, () => {
    assert.equal(refusal(() => parseZramBdStat(hostile(`bd_stat/${name}`))).expected, "a whole number");
  });
}
