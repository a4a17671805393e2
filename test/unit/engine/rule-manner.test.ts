import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { gib, type KiB, mib, milliseconds, percent, seconds } from "#domain/units.ts";
import { judge, rank } from "#engine/judge.ts";
import type { KillManner } from "#engine/kill-manner.ts";
import type { Plan } from "#engine/plan.ts";
import type { Pattern, Rule, RuleVerdict } from "#engine/rule.ts";
import { aPlan } from "#test/support/a-plan.ts";
import { type ProcessWish, someTable } from "#test/support/a-snapshot.ts";
import {
  alive,
  escalation,
  hog,
  hogIdentity,
  last,
  neighbour,
  neighbourIdentity,
  opening,
  tableBelow,
} from "#test/support/engine-life.ts";

const exactly = (source: string): Pattern => ({ source, matches: (text) => text === source });

const named = (name: string, verdict: RuleVerdict, manner?: KillManner): Rule => ({
  verdict,
  origin: "test",
  when: { name: exactly(name) },
  ...(manner && { manner }),
});

const total = gib(16);

const order = (wishes: readonly ProcessWish[], plan: Partial<Plan>): readonly string[] =>
  rank(judge(someTable(wishes), { total, skipped: new Set() }, aPlan(plan)))
    .map(({ comm }) => comm)
    .filter((comm) => comm !== "init" && comm !== "tidemark");

describe("first", () => {
  const small = (anon: KiB, more: Partial<ProcessWish> = {}): ProcessWish => ({
    pid: 20,
    comm: "small",
    anon,
    ...more,
  });
  const others: readonly ProcessWish[] = [
    { pid: 30, comm: "large", anon: gib(14), swap: gib(2), oomScoreAdj: 1000 },
    { pid: 31, comm: "loved", anon: gib(1) },
  ];
  const rules = [named("small", "first"), named("large", "prefer")];

  it("goes before whoever fills the machine, however much speaks against that one", () => {
    for (const preference of [percent(30), percent(100)]) {
      assert.deepEqual(order([small(mib(40)), ...others], { rules, preference }), ["small", "large", "loved"]);
    }
  });

  it("wins over avoid, and over a score that the kernel would lower", () => {
    const avoided = [...rules, named("small", "avoid")];
    const wishes = [small(mib(40), { oomScoreAdj: -999 }), ...others];
    assert.equal(order(wishes, { rules: avoided, preference: percent(100) })[0], "small");
  });

  it("says nothing of somebody who gives back less than a five-hundredth of RAM and swap: the next look would kill again", () => {
    assert.equal(order([small(mib(32)), ...others], { rules })[0], "large");
    assert.equal(order([small(mib(33)), ...others], { rules })[0], "small");
  });

  it("is ranked by size among those who are first", () => {
    const two = [named("small", "first"), named("loved", "first")];
    assert.deepEqual(order([small(mib(40)), ...others], { rules: two }), ["loved", "small", "large"]);
  });

  it("does not help against never", () => {
    assert.deepEqual(order([small(mib(40)), ...others], { rules: [...rules, named("small", "never")] }), [
      "large",
      "loved",
    ]);
  });
});

describe("how a victim goes is said by its rules", () => {
  const begun = tableBelow(700);
  const ruledBy = (...rules: readonly Rule[]): Plan => aPlan({ rules });

  it("with another signal, for as long as there is time to ask", () => {
    const plan = ruledBy(named("hog", "neutral", { signal: "SIGINT" }));
    assert.equal(opening(last([begun], plan)).signal, "SIGINT");
    const crossed = last([begun, { at: 110, available: 399, victims: [alive()] }], plan);
    assert.equal(escalation(crossed).why, "exhausted");
    assert.equal(opening(last([tableBelow(300)], plan)).signal, "SIGKILL");
  });

  it("with SIGKILL, which is not followed by another one", () => {
    const plan = ruledBy(named("hog", "neutral", { signal: "SIGKILL" }));
    const { signal, reapsAtOnce } = opening(last([begun], plan));
    assert.deepEqual([signal, reapsAtOnce], ["SIGKILL", false]);
    const later = last([begun, { at: 200, available: 700, victims: [alive()] }], plan);
    assert.deepEqual(later.decisions, []);
  });

  it("with a grace of its own, longer or shorter than that of the plan, or none", () => {
    const graced = (grace: number): Plan => ruledBy(named("hog", "neutral", { grace: milliseconds(grace) }));
    const at = (ms: number, plan: Plan) => last([begun, { at: 100 + ms, available: 700, victims: [alive()] }], plan);
    assert.deepEqual(at(3000, graced(8000)).decisions, []);
    assert.equal(at(3000, graced(8000)).next.at <= 8100, true);
    assert.equal(escalation(at(8000, graced(8000))).why, "grace-over");
    assert.equal(escalation(at(200, graced(200))).why, "grace-over");
    assert.equal(opening(last([begun], graced(0))).signal, "SIGKILL");
  });

  it("by the one that is written last, word by word", () => {
    const plan = ruledBy(
      named("hog", "neutral", { signal: "SIGINT", grace: seconds(9) }),
      named("hog", "prefer", { signal: "SIGQUIT" }),
      named("neighbour", "neutral", { signal: "SIGHUP" }),
    );
    assert.equal(opening(last([begun], plan)).signal, "SIGQUIT");
    assert.deepEqual(last([begun, { at: 3100, available: 700, victims: [alive()] }], plan).decisions, []);
  });

  it("not by a rule that only might match", () => {
    const might: Rule = {
      verdict: "neutral",
      origin: "test",
      when: { cmdline: exactly("hog") },
      manner: { signal: "SIGINT" },
    };
    assert.equal(opening(last([begun], ruledBy(might))).signal, "SIGTERM");
  });

  it("and so is what dies with it", () => {
    const table = [hog, neighbour].map((each) => ({ ...each, parent: 10, comm: "job" }));
    const family = { kind: "family", members: [neighbourIdentity] };
    const groupUnder = (unit: KillManner["unit"], planned: Plan["kill"]["unit"]) => {
      const plan = ruledBy(named("job", "neutral", unit && { unit }));
      const { group } = opening(last([{ ...begun, table }], { ...plan, kill: { ...plan.kill, unit: planned } }));
      return group && { kind: group.kind, members: group.members };
    };
    assert.deepEqual(groupUnder("family", "process"), family);
    assert.deepEqual(groupUnder(undefined, "family"), family);
    assert.equal(groupUnder("process", "family"), undefined);
    assert.equal(groupUnder(undefined, "process"), undefined);
  });

  it("and nothing of it is said of somebody else", () => {
    const plan = ruledBy(named("neighbour", "neutral", { signal: "SIGINT" }));
    const { signal, victim } = opening(last([{ ...begun, table: [hog, neighbour] }], plan));
    assert.deepEqual([signal, victim.identity], ["SIGTERM", hogIdentity]);
  });
});
