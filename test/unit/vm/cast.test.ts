import { deepEqual, equal, ok, throws } from "node:assert/strict";
import { test } from "node:test";
import { kib, mib, milliseconds, uid } from "#domain/units.ts";
import type { ProcessScript } from "#simulated/process-script.ts";
import { type Cast, castOf, cgroupOf } from "#test/vm/cast.ts";

const cast = (...processes: readonly ProcessScript[]): Cast =>
  castOf({ seed: 1, duration: milliseconds(1000), ram: mib(1024), processes });
const lineOf = (script: ProcessScript): readonly string[] => cast(script).text.trimEnd().split("\t");

test("sizes are KiB and times ms", () => {
  const line = lineOf({
    name: "hog",
    startsAt: milliseconds(2000),
    anon: mib(2),
    memory: [{ kind: "leak", perSecond: mib(1) }],
  });
  for (const field of ["name=hog", "start=2000", "anon=2048", "phases=leak:1024"]) ok(line.includes(field), field);
});

test("what a process does not do is not told", () => {
  const keys = lineOf({ name: "sleeper" }).map((field) => field.split("=")[0]);
  deepEqual(keys, ["name", "start", "cgroup", "offset"]);
});

test("two processes work on parts of the data file of their own", () => {
  const { text, data, worked } = cast(
    { name: "a", text: kib(100) },
    { name: "b", files: { size: kib(50), perSecond: kib(10) } },
    { name: "c", reads: { size: kib(30), perSecond: kib(10) } },
  );
  deepEqual(
    [...text.matchAll(/offset=(\d+)/g)].map(([, offset]) => offset),
    ["0", "100", "150"],
  );
  equal(data, 180);
  deepEqual(worked, [
    { cgroup: "/system.slice/a.service", offset: 0, size: 100 },
    { cgroup: "/system.slice/b.service", offset: 100, size: 50 },
  ]);
});

test("a process without a cgroup is where systemd would have put it", () => {
  equal(cgroupOf({ name: "editor", uid: uid(1000) }), "/user.slice/user-1000.slice/session-1.scope");
  equal(cgroupOf({ name: "cron" }), "/system.slice/cron.service");
});

test("children are told with their parent", () => {
  const line = lineOf({ name: "make", children: { perSecond: 2, atOnce: 3, each: { name: "cc1", anon: mib(1) } } });
  for (const field of ["children=2", "at_once=3", "child_name=cc1", "child_anon=1024"]) ok(line.includes(field), field);
});

test("what a guest cannot play is refused by name", () => {
  const shares: ProcessScript = { name: "twin", sharesMemoryWith: "other" };
  throws(() => cast(shares), { message: "Cannot play twin in a guest: it knows no shares_memory_with" });
  throws(() => cast({ name: "make", children: { perSecond: 1, each: shares } }), /Cannot play make/);
});
