import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { BranchTree } from "#domain/branch.ts";
import { known, unavailable } from "#domain/snapshot.ts";
import { mib, milliseconds } from "#domain/units.ts";
import { decide, type Verdict } from "#engine/decide.ts";
import { initialState } from "#engine/engine-state.ts";
import type { BranchPlan, Plan } from "#engine/plan.ts";
import { aTree, type BranchWish, choosing } from "#test/support/a-branch.ts";
import { app, watching } from "#test/support/a-memcg.ts";
import { aPlan } from "#test/support/a-plan.ts";
import { deepFreeze } from "#test/support/deep-freeze.ts";
import { findings } from "#test/support/engine-life.ts";
import { never, see } from "#test/support/memcg-life.ts";

/** The worker (20) is the larger process; it lives in the smaller cgroup. */
const tree: Readonly<Record<string, BranchWish>> = {
  "/app": { usage: mib(930) },
  "/app/web": { usage: mib(300), pids: [20] },
  "/app/batch": { usage: mib(600), pids: [21] },
};

const planned = (byBranch: BranchPlan = choosing("size"), change: Partial<Plan> = {}): Plan =>
  aPlan({ memcgs: watching(app).map((memcg) => ({ ...memcg, byBranch })), ...change });

function look(seen: BranchTree | undefined, by: Plan, used = 930): Verdict {
  const snapshot = { ...see({ at: 0, used, isCloser: true }), ...(seen && { branches: known([seen]) }) };
  return decide(deepFreeze(snapshot), deepFreeze(initialState(milliseconds(0))), by);
}

const opening = ({ decisions }: Verdict) => decisions.find((decision) => decision.kind === "signal");
const dying = (verdict: Verdict) => {
  const signal = opening(verdict);
  return [signal?.victim.comm, signal?.group?.members.map(({ pid }) => pid)];
};

describe("a cgroup inside of a watched memcg", () => {
  it("is chosen before anybody in it, and the report names it with its figures and the next one", () => {
    const verdict = look(aTree(tree), planned());
    assert.equal(opening(verdict)?.victim.comm, "helper");
    assert.deepEqual(opening(verdict)?.branch, {
      by: "size",
      path: "/app/batch",
      ranking: [
        { path: "/app/batch", preference: "none", unprotected: mib(600), swapped: 0 },
        { path: "/app/web", preference: "none", unprotected: mib(300), swapped: 0 },
      ],
    });
  });

  it("goes with all that are in it, or with one of them where that was asked for", () => {
    const both = { "/app": {}, "/app/a": { usage: mib(9), pids: [20, 21] }, "/app/b": { usage: mib(1) } };
    const whole = look(aTree(both), planned());
    assert.deepEqual(dying(whole), ["worker", [21]]);
    assert.equal(opening(whole)?.group?.whole, "/app/a");
    const one = look(aTree(both), planned(choosing("size", { unit: "process" })));
    assert.deepEqual([dying(one), opening(one)?.branch?.path], [["worker", undefined], "/app/a"]);
  });

  it("of which nobody can go is passed over for the next one", () => {
    const verdict = look(aTree(tree), planned(choosing("size"), { rules: [never("helper")] }));
    assert.equal(opening(verdict)?.victim.comm, "worker");
    assert.equal(opening(verdict)?.branch?.path, "/app/web");
  });

  it("is left alone when a rule protects somebody in it, and it is said whom", () => {
    const mixed = { "/app": {}, "/app/batch": { usage: mib(600), pids: [20, 21] } };
    const verdict = look(aTree(mixed), planned(choosing("size"), { rules: [never("helper")] }));
    assert.equal(opening(verdict), undefined);
    const refused = verdict.findings.find(({ kind }) => kind === "group-refused");
    assert.deepEqual(refused && "path" in refused && [refused.path, refused.because.comm], ["/app/batch", "helper"]);
  });

  it("may lose one of it although another is protected, where one is all that goes", () => {
    const both = { "/app": {}, "/app/a": { usage: mib(9), pids: [20, 21] } };
    const plan = planned(choosing("size", { unit: "process" }), { rules: [never("worker")] });
    assert.equal(opening(look(aTree(both), plan))?.victim.comm, "helper");
    assert.equal(opening(look(aTree(both), planned(choosing("size"), { rules: [never("worker")] }))), undefined);
  });

  it("that is omitted costs nobody, even when nobody else is left", () => {
    const omitted: Readonly<Record<string, BranchWish>> = {
      "/app": {},
      "/app/a": { usage: mib(9), pids: [20, 21], preference: "omit" },
    };
    const verdict = look(aTree(omitted), planned());
    assert.equal(opening(verdict), undefined);
    assert.ok(findings(verdict).includes("kill-withheld"));
  });

  it("is asked for together with the table, and nothing is decided before it is told", () => {
    const verdict = look(undefined, planned());
    assert.deepEqual(verdict.decisions, []);
    assert.equal(verdict.next.at, 0);
    assert.ok(verdict.next.needs.includes("branches"));
    assert.deepEqual(verdict.next.descend, [app]);
  });

  it("that nobody can tell of leaves the choice among all members", () => {
    const failure = { call: "open", errno: "EMFILE", subject: "memory.stat", advice: "raise the limit" };
    const snapshot = { ...see({ at: 0, used: 930, isCloser: true }), branches: unavailable(failure) };
    const verdict = decide(snapshot, initialState(milliseconds(0)), planned());
    assert.deepEqual([opening(verdict)?.victim.comm, opening(verdict)?.branch], ["worker", undefined]);
  });

  it("is looked into in calm only where counters have to be known", () => {
    const needs = (by: BranchPlan) => look(undefined, planned(by), 100).next.needs.includes("branches");
    assert.deepEqual([needs(choosing("size")), needs(choosing("pgscan"))], [false, true]);
    assert.equal(look(undefined, aPlan(), 100).next.descend, undefined);
  });

  it("is killed at once below min, with all in it", () => {
    const verdict = look(aTree({ "/app": {}, "/app/a": { usage: mib(9), pids: [20, 21] } }), planned(), 980);
    assert.deepEqual([opening(verdict)?.signal, dying(verdict)], ["SIGKILL", ["worker", [21]]]);
  });
});
