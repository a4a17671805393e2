import assert from "node:assert/strict";
import { test } from "node:test";
import { mib } from "#domain/units.ts";
import { parseCgroupLimit } from "#procfs/cgroup-limit.ts";
import { readFixture } from "#test/support/fixture.ts";
import { refusal } from "#test/support/soundness.ts";

const hostile = (name: string): Uint8Array => readFixture(`hostile/memory.max/${name}`);

test("a limit is told in KiB", () => assert.equal(parseCgroupLimit(hostile("of-64-mib")), mib(64)));

for (const name of ["unlimited", "unlimited-v1"]) {
  test(`no limit is none, not a very large one: ${name}`, () => {
    assert.equal(parseCgroupLimit(hostile(name)), undefined);
  });
}

for (const name of ["longer-word", "cut", "empty"]) {
  test(`a limit that makes no sense is refused: ${name}`, () => {
    assert.equal(refusal(() => parseCgroupLimit(hostile(name))).file, "cgroup limit");
  });
}
