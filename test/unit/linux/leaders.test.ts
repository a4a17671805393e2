import assert from "node:assert/strict";
import { test } from "node:test";
import type { Measure } from "#domain/table-digest.ts";
import { gib, kib, mib, pid } from "#domain/units.ts";
import { makeLeaders } from "#linux/leaders.ts";
import { someProcess } from "#test/support/a-snapshot.ts";

const total = gib(4);
/** Thirty, each larger than the one before. */
const all = Array.from({ length: 30 }, (_, index) => someProcess({ pid: 100 + index, anon: mib(index) }));
const byPid: Measure = ({ identity }) => kib(10_000 - identity.pid);

/** All thirty, ranked by what they hold. */
function knownLeaders() {
  const leaders = makeLeaders();
  leaders.rankBy(undefined, total);
  for (const process of all) leaders.note(process);
  leaders.settle();
  return leaders;
}

const sorted = (pids: ReadonlySet<number>) => [...pids].sort((a, b) => a - b);
const from = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, index) => first + index);

test("leaders are those who measure most", () => {
  assert.deepEqual(sorted(knownLeaders().pids()), from(118, 129));
});

test("with a new measure the leaders of the old one stay until they have been ranked by it, though a round ends before", () => {
  const leaders = knownLeaders();
  leaders.rankBy(byPid, total);
  for (const process of all.slice(0, 20)) leaders.note(process);
  leaders.settle();
  assert.deepEqual(sorted(leaders.pids()), [...from(100, 111), ...from(120, 129)]);
  for (const process of all.slice(20)) leaders.note(process);
  leaders.settle();
  assert.deepEqual(sorted(leaders.pids()), from(100, 111));
});

test("who has gone leads by no measure", () => {
  const leaders = knownLeaders();
  leaders.rankBy(byPid, total);
  leaders.forget(pid(129));
  leaders.settle();
  assert.deepEqual(sorted(leaders.pids()), from(118, 128));
});

test("among equals the younger lead, in whatever order they are met, and the first of the others is the next", () => {
  for (const order of [from(100, 139), from(100, 139).reverse(), from(120, 139).concat(from(100, 119))]) {
    const leaders = makeLeaders();
    leaders.rankBy(undefined, total);
    for (const each of order) leaders.note(someProcess({ pid: each, startTicks: 5000 + each, anon: mib(3) }));
    assert.deepEqual(sorted(leaders.pids()), from(128, 139));
    assert.equal(leaders.tellOthers(leaders.pids(), 40)?.firstOther?.identity.pid, 127);
  }
});
