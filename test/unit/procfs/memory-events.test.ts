import assert from "node:assert/strict";
import { test } from "node:test";
import { mib } from "#domain/units.ts";
import { parseCgroupUsage } from "#procfs/cgroup-counter.ts";
import { parseMemoryEvents } from "#procfs/memory-events.ts";
import { parseOomControl } from "#procfs/oom-control.ts";
import { readFixture } from "#test/support/fixture.ts";
import { refusal } from "#test/support/soundness.ts";

const hostile = (path: string): Uint8Array => readFixture(`hostile/${path}`);

test("the events of a memcg are told apart, and kills of groups are not kills", () => {
  const told = { low: 1, high: 12, max: 3, oom: 2 };
  assert.deepEqual(parseMemoryEvents(hostile("memory.events/busy")), { ...told, oomKill: 4 });
  assert.deepEqual(parseMemoryEvents(hostile("memory.events/linux-4.5")), { ...told, oomKill: undefined });
});

test("v1 tells its kills since Linux 4.13", () => {
  assert.equal(parseOomControl(hostile("memory.oom_control/three-kills")), 3);
  assert.equal(parseOomControl(hostile("memory.oom_control/linux-4.9")), undefined);
});

test("what a memcg uses is told in bytes", () => {
  assert.equal(parseCgroupUsage(hostile("memory.current/of-64-mib")), mib(64));
});

for (const [path, parse, expected] of [
  ["memory.events/no-max", parseMemoryEvents, 'a line "max "'],
  ["memory.events/negative", parseMemoryEvents, "a whole number"],
  ["memory.events/empty", parseMemoryEvents, 'a line "low "'],
  ["memory.oom_control/cut", parseOomControl, "a whole number"],
  ["memory.current/cut", parseCgroupUsage, "a whole number"],
  ["memory.current/max", parseCgroupUsage, "a whole number"],
  ["memory.current/empty", parseCgroupUsage, "a whole number"],
] as const) {
  test(`${path} is refused, and says why`, () => {
    assert.equal(refusal(() => parse(hostile(path))).expected, expected);
  });
}
