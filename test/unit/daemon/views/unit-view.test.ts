import assert from "node:assert/strict";
import { test } from "node:test";
import type { AskedScope } from "#daemon/scope/scope-reading.ts";
import { viewProcess, viewRanking } from "#daemon/views/explain-view.ts";
import { cgroupPath, gib, kib, mib } from "#domain/units.ts";
import type { Plan } from "#engine/plan.ts";
import { aPlan, protecting } from "#test/support/a-plan.ts";
import { aSnapshot, type ProcessWish, someMeminfo, someTable } from "#test/support/a-snapshot.ts";

const everything: AskedScope = { kind: "scope", scope: { kind: "global" }, groupOf: () => undefined };
const cgroup = cgroupPath("/user.slice/app.slice/app-web.scope");
const table: readonly ProcessWish[] = [
  { pid: 60, comm: "web", anon: mib(10), cgroup },
  { pid: 61, parent: 60, comm: "worker", anon: gib(4), cgroup },
  { pid: 100, comm: "other", anon: mib(100) },
];
const snapshot = aSnapshot({ at: 1000, meminfo: someMeminfo({ available: gib(4) }), table: someTable(table) });
const byApp = aPlan({ kill: { ...aPlan().kill, unit: "app" } });
const web = {
  kill_unit: "app",
  processes: 2,
  returns_kib: kib(4 * 1024 * 1024 + 10 * 1024),
  memcg: cgroup,
  others: [{ pid: 60, comm: "web" }],
};

const unitOfFirst = (plan: Plan) => viewRanking(snapshot, plan, everything).unit;

function unitOf(pid: number) {
  const view = viewProcess(pid, snapshot, { plan: byApp, asked: everything });
  assert.ok(view?.verdict === "eligible");
  return view.unit;
}

test("who would die with somebody is named where settings ask for its application", () => {
  assert.deepEqual(unitOfFirst(byApp), web);
  assert.deepEqual(unitOf(61), web);
  assert.equal(unitOf(100), undefined);
});

test("where a rule asks for it, the same is named of whom it matches", () => {
  const manner = { unit: "app" } as const;
  const rule = { verdict: "neutral", origin: "test", when: protecting("worker").when, manner } as const;
  assert.deepEqual(unitOfFirst(aPlan({ rules: [rule] })), web);
});

test("nobody is named where nobody dies with it: by other settings, or because one of them has to live", () => {
  assert.equal(unitOfFirst(aPlan()), undefined);
  assert.equal(unitOfFirst({ ...byApp, rules: [protecting("web")] }), undefined);
});

test("what the kernel would kill as a whole comes before: then that is named, and nothing else", () => {
  const group = { path: cgroup, members: new Set([]) };
  assert.equal(viewRanking(snapshot, byApp, { ...everything, groupOf: () => group }).unit, undefined);
});
