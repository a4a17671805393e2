import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Membership } from "#domain/memcg.ts";
import { known } from "#domain/snapshot.ts";
import { cgroupPath, mib, milliseconds, pid } from "#domain/units.ts";
import { decide } from "#engine/decide.ts";
import { initialState } from "#engine/engine-state.ts";
import { findGroup } from "#engine/oom-group.ts";
import type { Plan } from "#engine/plan.ts";
import { app, membership } from "#test/support/a-memcg.ts";
import { aPlan } from "#test/support/a-plan.ts";
import { aSnapshot, type ProcessWish, someMeminfo, somePressure, someTable } from "#test/support/a-snapshot.ts";
import { findings, kinds, opening } from "#test/support/engine-life.ts";
import { never, see, plan as watchingPlan } from "#test/support/memcg-life.ts";

const service = cgroupPath("/system.slice/db.service");
const main: ProcessWish = { pid: 50, comm: "main", anon: mib(6000) };
const worker: ProcessWish = { pid: 51, comm: "worker", anon: mib(1000) };
const sacred: ProcessWish = { pid: 52, comm: "sacred", anon: mib(500), oomScoreAdj: -1000 };
const other: ProcessWish = { pid: 60, comm: "other", anon: mib(2000) };

const group = (path: string, ...members: readonly number[]) => ({
  path: cgroupPath(path),
  members: new Set(members.map(pid)),
});

const whole: Membership = { watched: [], groups: [group(service, 50, 51, 52)] };

function answer(plan: Plan, members: Membership = whole) {
  const snapshot = aSnapshot({
    at: 0,
    meminfo: someMeminfo({ available: mib(300) }),
    pressure: somePressure({ some: 0, full: 0 }),
    table: someTable([main, worker, sacred, other]),
    membership: members,
  });
  return decide(snapshot, initialState(milliseconds(0)), plan);
}

describe("a memcg that dies as a whole", () => {
  it("goes with its largest member, but for those with oom_score_adj -1000", () => {
    const { victim, group: dying } = opening(answer(aPlan()));
    assert.equal(victim.comm, "main");
    assert.ok(dying?.kind === "memcg");
    assert.deepEqual(dying.path, service);
    assert.deepEqual(
      dying.members.map((member) => member.pid),
      [51],
    );
  });

  it("is awaited with the memory of all its members", () => {
    assert.equal(answer(aPlan()).state.inFlight?.returns, mib(7000));
  });

  it("lives when somebody in it is protected by a rule: that is said, and the next one goes alone", () => {
    const verdict = answer(aPlan({ rules: [never("worker")] }));
    const { victim, group: dying } = opening(verdict);
    assert.deepEqual([victim.comm, dying], ["other", undefined]);
    const refused = verdict.findings.find((finding) => finding.kind === "group-refused");
    assert.ok(refused?.kind === "group-refused");
    assert.deepEqual([refused.path, refused.because.comm], [service, "worker"]);
  });

  it("is refused once under each alarm, with a stated reason for choosing nobody", () => {
    const rules = [never("worker"), never("other")];
    const first = answer(aPlan({ rules }));
    assert.deepEqual([kinds(first), findings(first)], [[], ["alarm-raised", "group-refused", "kill-withheld"]]);
  });

  it("is nobody's business for a process outside of it", () => {
    const { victim, group: dying } = opening(answer(aPlan(), { watched: [], groups: [group("/x", 51)] }));
    assert.deepEqual([victim.comm, dying], ["main", undefined]);
  });

  it("is the highest one that is marked, within the memcg that is short of memory", () => {
    const groups = [group("/app/a/b", 20), group("/app/a", 20, 21), group("/", 20, 21, 30)];
    assert.equal(findGroup(pid(20), groups, undefined)?.path, "/");
    assert.equal(findGroup(pid(20), groups, app)?.path, "/app/a");
    assert.equal(findGroup(pid(20), groups, cgroupPath("/app/a/b"))?.path, "/app/a/b");
    assert.equal(findGroup(pid(30), groups, app), undefined);
  });

  it("counts in a watched memcg as well", () => {
    const { watched } = membership({ [app]: [20, 21] });
    const snapshot = {
      ...see({ at: 0, used: 970, isCloser: true }),
      membership: known({ watched, groups: [group(app, 20, 21)] }),
    };
    const verdict = decide(snapshot, initialState(milliseconds(0)), watchingPlan());
    const { victim, group: dying } = opening(verdict);
    assert.ok(dying?.kind === "memcg");
    assert.deepEqual([victim.comm, dying.path, dying.members.length], ["worker", app, 1]);
  });
});
