import assert from "node:assert/strict";
import { test } from "node:test";
import { parseMemsAllowed } from "#procfs/mems-allowed.ts";
import { parseNodeList } from "#procfs/node-list.ts";
import { readFixture, recordedMachine } from "#test/support/fixture.ts";
import { refusal } from "#test/support/soundness.ts";

const hostile = (path: string): Uint8Array => readFixture(`hostile/${path}`);
const twoRanges = [
  { first: 0, last: 1 },
  { first: 3, last: 3 },
];

test("a list of nodes is its ranges", () => assert.deepEqual(parseNodeList(hostile("node-list/ranges")), twoRanges));

test("no node at all is an empty list", () => assert.deepEqual(parseNodeList(hostile("node-list/none")), []));

for (const name of ["backwards", "comma-at-end", "past-2-53", "blank", "cut"]) {
  test(`a list of nodes that makes no sense is refused: ${name}`, () => {
    assert.equal(refusal(() => parseNodeList(hostile(`node-list/${name}`))).file, "node list");
  });
}

test("the nodes a task may use are those of its list, not of what imitates it", () => {
  assert.deepEqual(parseMemsAllowed(hostile("mems_allowed/two-ranges")), twoRanges);
  assert.deepEqual(parseMemsAllowed(readFixture(`${recordedMachine}/proc/1/status`)), [{ first: 0, last: 0 }]);
});

test("a kernel without cpusets tells no nodes", () => {
  assert.equal(parseMemsAllowed(hostile("mems_allowed/without-cpusets")), undefined);
});

test("nodes that are no list are damage", () => {
  assert.equal(refusal(() => parseMemsAllowed(hostile("mems_allowed/no-list"))).file, "PID/status");
});
