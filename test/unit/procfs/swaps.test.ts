import assert from "node:assert/strict";
import { test } from "node:test";
import { parseSwaps } from "#procfs/swaps.ts";
import { readFixture, readRecorded } from "#test/support/fixture.ts";
import { refusal } from "#test/support/soundness.ts";

const hostile = (name: string): Uint8Array => readFixture(`hostile/swaps/${name}`);

test("a machine without swap has a header and no device", () => {
  assert.deepEqual(parseSwaps(readRecorded("swaps")), { devices: [] });
});

test("paths are read as they are in the file system: escapes undone, a deleted file marked as the kernel marks it", () => {
  assert.deepEqual(parseSwaps(hostile("escaped-paths")).devices, [
    { path: "/dev/zram0", kind: "zram", size: 12_341_824, used: 1_048_576, priority: 100 },
    { path: "/swap file\t\\ü", kind: "file", size: 1_048_572, used: 0, priority: -2 },
    { path: "/swapfile (deleted)", kind: "file", size: 524_284, used: 1024, priority: -3 },
  ]);
});

test("a backslash that begins no escape of one byte is kept", () => {
  assert.equal(parseSwaps(hostile("backslash-without-octal")).devices[0]?.path, "/a\\09\\777\\1\\198");
});

for (const [name, expected] of [
  ["unknown-type", '"partition" or "file"'],
  ["line-cut", "a whole number"],
  ["no-header", '"Filename\\t"'],
  ["empty", '"Filename\\t"'],
] as const) {
  test(`swaps are refused, and it says why: ${name}`, () => {
    const error = refusal(() => parseSwaps(hostile(name)));
    assert.deepEqual([error.file, error.expected], ["swaps", expected]);
  });
}
