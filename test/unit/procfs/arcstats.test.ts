import assert from "node:assert/strict";
import { test } from "node:test";
import { gib, mib } from "#domain/units.ts";
import { parseArcstats } from "#procfs/arcstats.ts";
import { readFixture } from "#test/support/fixture.ts";
import { refusal } from "#test/support/soundness.ts";

const hostile = (name: string): Uint8Array => readFixture(`hostile/arcstats/${name}`);

test("size is not taken from mru_size, nor c_min from c, and ghosts are not evictable", () => {
  assert.deepEqual(parseArcstats(hostile("openzfs-2.3")), {
    size: gib(8),
    minimum: mib(1004),
    evictable: mib(2048 + 1 + 4000 + 2),
  });
});

test("a ZFS that tells nothing evictable has none to tell", () => {
  assert.equal(parseArcstats(hostile("zfs-0.6")).evictable, undefined);
});

for (const [name, expected] of [
  ["no-c-min", 'a line "c_min "'],
  ["size-negative", "a whole number"],
  ["cut", "a whole number"],
  ["empty", 'a line "size "'],
] as const) {
  test(`arcstats is refused, and says why: ${name}`, () => {
    const error = refusal(() => parseArcstats(hostile(name)));
    assert.deepEqual([error.file, error.expected], ["arcstats", expected]);
  });
}
