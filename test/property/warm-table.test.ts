import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { identityKey } from "#domain/identity.ts";
import type { ProcessFacts, ProcessTable } from "#domain/process.ts";
import { gib, mib, oomScoreAdj, pid, uid } from "#domain/units.ts";
import type { Judgement } from "#engine/appraise.ts";
import { decide } from "#engine/decide.ts";
import { bindPolicy, defaultOptions } from "#engine/define-policy.ts";
import { initialState } from "#engine/engine-state.ts";
import { type JudgementBasis, judge, rank, rankFirst } from "#engine/judge.ts";
import type { Plan } from "#engine/plan.ts";
import { justOne, type Rule, type RuleConditions, type RuleVerdict } from "#engine/rule.ts";
import { policies } from "#policies/catalogue.ts";
import { aPlan } from "#test/support/a-plan.ts";
import { aSnapshot, ms, someMeminfo } from "#test/support/a-snapshot.ts";
import { type Chance, chanceOf, churn, randomTable } from "#test/support/bench/random-table.ts";
import { deepFreeze } from "#test/support/deep-freeze.ts";
import { runs, seed } from "#test/support/seed.ts";

const holding = (part: string) => ({ source: part, matches: (text: string) => text.includes(part) });

const rule = (verdict: RuleVerdict, when: RuleConditions): Rule => ({ verdict, when, origin: "property" });

const ruleSets: readonly (readonly Rule[])[] = [
  [],
  [
    rule("never", { name: holding("java") }),
    rule("avoid", { exe: holding("/1/") }),
    rule("prefer", { uid: justOne(uid(7)) }),
  ],
  [rule("only", { cmdline: holding("renderer") }), rule("never", { cgroup: holding("session-1") })],
  [
    rule("never", { memory: [{ to: mib(5) }] }),
    rule("prefer", { parent: holding("make") }),
    rule("avoid", { name: holding("o"), oomScoreAdj: [{ from: oomScoreAdj(100) }] }),
  ],
];

const boundPolicies = policies.map((policy) => bindPolicy(policy, defaultOptions(policy.options)));

const plans: readonly Plan[] = ruleSets.flatMap((rules) => boundPolicies.map((policy) => aPlan({ rules, policy })));

/** What can happen to a process besides that it uses more or less memory. */
function alter(process: ProcessFacts, chance: Chance): ProcessFacts {
  const { traits, identity } = process;
  const elder = pid(Math.max(1, identity.pid - 1 - chance(20)));
  const changes: readonly (() => Partial<ProcessFacts>)[] = [
    () => ({ comm: "java" }),
    () => ({ uid: uid(7) }),
    () => ({ traits: { ...traits, cgroup: undefined } }),
    () => ({ traits: { ...traits, exe: undefined, cmdline: undefined } }),
    () => ({ memory: undefined }),
    () => ({ isDying: true }),
    () => ({ parent: elder }),
  ];
  return { ...process, ...changes[chance(changes.length)]?.() };
}

/** The next table: some changed, some gone, some new; all others are the very same objects. */
function nextTable(table: ProcessTable, chance: Chance): ProcessTable {
  const next = churn(table, { changed: chance(4), replaced: chance(3) }, chance);
  const altered = next.processes.map((process, index) =>
    index > 1 && chance(30) === 0 ? alter(process, chance) : process,
  );
  const self = chance(4) === 0 ? altered[chance(altered.length)]?.identity.pid : undefined;
  return { ...next, processes: altered, self: self ?? next.self };
}

/** The same table of objects that nobody has seen before. */
const unseen = (table: ProcessTable): ProcessTable => structuredClone(table);

/** The same plan under which nobody has been judged before. */
const unused = (plan: Plan): Plan => ({ ...plan, policy: { ...plan.policy } });

/** The first looks at a table that changes. */
function* looksOf(size: number, chance: Chance): Generator<{ readonly table: ProcessTable; readonly plan: Plan }> {
  let table = randomTable(size, chance);
  let plan = plans[0] ?? aPlan();
  for (let look = 0; look < 12; look += 1) {
    if (chance(4) === 0) plan = plans[chance(plans.length)] ?? plan;
    yield { table: deepFreeze(table), plan };
    table = nextTable(table, chance);
  }
}

/** A scope, which may be less than the machine. */
function drawBasis({ processes }: ProcessTable, chance: Chance): JudgementBasis {
  const some = processes.filter(() => chance(3) > 0).map(({ identity }) => identity.pid);
  const total = gib(chance(2) === 0 ? 4 : 16);
  const skipped = processes.filter(() => chance(20) === 0).map(({ identity }) => identityKey(identity));
  return { total, ...(chance(2) === 0 && { members: new Set(some) }), skipped: new Set(skipped) };
}

function assertLeadersAreFirst(judged: readonly Judgement[]): void {
  const ranking = rank(judged);
  for (const most of [1, 3, 100]) {
    assert.deepEqual(rankFirst(judged, most), { ranking: ranking.slice(0, most), eligible: ranking.length });
  }
}

const machines = fc.record({ seed: fc.nat(), size: fc.integer({ min: 3, max: 60 }) });

const numRuns = runs(100);

describe(`a table of which most is known already (SEED=${seed})`, () => {
  it("is judged as one that nobody has seen before, in any scope and under any plan", () => {
    const property = fc.property(machines, ({ seed: own, size }) => {
      const chance = chanceOf(own);
      for (const { table, plan } of looksOf(size, chance)) {
        const basis = drawBasis(table, chance);
        const judged = judge(table, basis, plan);
        assert.deepEqual(judged, judge(unseen(table), basis, unused(plan)));
        assertLeadersAreFirst(judged);
      }
    });
    fc.assert(property, { seed, numRuns });
  });

  it("leads to the same decisions and is remembered the same", () => {
    const property = fc.property(machines, ({ seed: own, size }) => {
      const chance = chanceOf(own);
      let state = initialState(ms(0));
      let at = 0;
      for (const { table, plan } of looksOf(size, chance)) {
        at += 1 + chance(3000);
        const meminfo = someMeminfo({ total: gib(16), available: mib(chance(3) === 0 ? 4000 : chance(900)) });
        const look = (seen: ProcessTable) => aSnapshot({ at, meminfo, table: seen });
        const verdict = decide(look(table), state, plan);
        assert.deepEqual(verdict, decide(look(unseen(table)), state, unused(plan)));
        state = verdict.state;
      }
    });
    fc.assert(property, { seed, numRuns });
  });
});
