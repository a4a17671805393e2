import assert from "node:assert/strict";
import { test } from "node:test";
import { parseIoStat } from "#procfs/io-stat.ts";
import { readFixture } from "#test/support/fixture.ts";
import { refusal } from "#test/support/soundness.ts";

const hostile = (path: string): Uint8Array => readFixture(`hostile/io.stat/${path}`);

test("what a cgroup reads and writes is told of each device; what else the kernel adds is left out", () => {
  assert.deepEqual(parseIoStat(hostile("two-disks")), [
    { readBytes: 1_495_040, writtenBytes: 131_072, reads: 73, writes: 5, discardedBytes: 8192, discards: 2 },
    { readBytes: 4096, writtenBytes: 0, reads: 1, writes: 0, discardedBytes: 0, discards: 0 },
    {},
  ]);
});

test("a cgroup that used no device has an empty file", () => {
  assert.deepEqual(parseIoStat(hostile("idle")), []);
});

test("a count that is no number is refused", () => {
  assert.equal(refusal(() => parseIoStat(hostile("no-number"))).expected, "a whole number");
});
