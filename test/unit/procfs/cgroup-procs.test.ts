import assert from "node:assert/strict";
import { test } from "node:test";
import { parseCgroupProcs } from "#procfs/cgroup-procs.ts";
import { readFixture } from "#test/support/fixture.ts";
import { refusal } from "#test/support/soundness.ts";

const hostile = (name: string): Uint8Array => readFixture(`hostile/cgroup.procs/${name}`);

test("members are told in the order of the file, without those who have no pid here", () => {
  assert.deepEqual(parseCgroupProcs(hostile("outsiders")), [4721, 12]);
});

test("an empty cgroup has no members", () => assert.deepEqual(parseCgroupProcs(hostile("empty")), []));

for (const name of ["cut", "two-in-a-line", "negative"]) {
  test(`members that make no sense are refused: ${name}`, () => {
    assert.equal(refusal(() => parseCgroupProcs(hostile(name))).file, "cgroup.procs");
  });
}
