import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { Decision } from "#domain/decision.ts";
import { compareIdentities } from "#domain/identity.ts";
import type { ProcessFacts, ProcessTable } from "#domain/process.ts";
import {
  compareRanks,
  digest,
  type Measure,
  type ProcessChange,
  type Rank,
  type TableDigest,
} from "#domain/table-digest.ts";
import { gib, mib, seconds, uid } from "#domain/units.ts";
import { appraise } from "#engine/appraise.ts";
import { decide, type Verdict } from "#engine/decide.ts";
import { bindPolicy, defaultOptions } from "#engine/define-policy.ts";
import { wishFor } from "#engine/digest-wish.ts";
import { initialState } from "#engine/engine-state.ts";
import { guardKin } from "#engine/guard/guard-kin.ts";
import type { KillManner } from "#engine/kill-manner.ts";
import { noCircumstances } from "#engine/match-rule.ts";
import type { Plan } from "#engine/plan.ts";
import { justOne, type Rule, type RuleConditions, type RuleVerdict } from "#engine/rule.ts";
import { policies } from "#policies/catalogue.ts";
import { aPlan } from "#test/support/a-plan.ts";
import { aSnapshot, ms, selfPid, someMeminfo } from "#test/support/a-snapshot.ts";
import { type Chance, chanceOf } from "#test/support/bench/random-table.ts";
import { calmTable, later } from "#test/support/changing-table.ts";
import { runs, seed } from "#test/support/seed.ts";

const total = gib(16);

const holding = (part: string) => ({ source: part, matches: (text: string) => text.includes(part) });
const rule = (verdict: RuleVerdict, when: RuleConditions, manner?: KillManner): Rule => ({
  verdict,
  when,
  origin: "property",
  ...(manner && { manner }),
});

const plans: readonly Plan[] = [
  [],
  [
    rule("never", { name: holding("java") }),
    rule("prefer", { uid: justOne(uid(7)) }),
    rule("avoid", { exe: holding("/1/") }),
  ],
  [rule("only", { cmdline: holding("renderer") }), rule("never", { cgroup: holding("session-1") })],
  [rule("never", { memory: [{ to: mib(5) }] }), rule("avoid", { unit: holding("unit-") })],
  [rule("avoid", { name: holding("child-4") }), rule("neutral", { name: holding("child-5") }, { unit: "family" })],
  [rule("prefer", { parent: holding("make") }), rule("never", { age: [{ to: seconds(25) }] })],
].flatMap((rules) =>
  policies.map((policy) => aPlan({ rules, policy: bindPolicy(policy, defaultOptions(policy.options)) })),
);

/** A digest made the slow way: by comparing two tables, and by measuring everybody. */
function digestBy(measure: Measure, [since, now]: readonly [ProcessTable, ProcessTable], chance: Chance): TableDigest {
  const find = ({ processes }: ProcessTable, of: ProcessFacts): ProcessFacts | undefined =>
    processes.find(({ identity }) => compareIdentities(identity, of.identity) === 0);
  const changes: ProcessChange[] = [
    ...now.processes
      .filter((process) => find(since, process) !== process)
      .map((process) => ({ before: find(since, process), now: process })),
    ...since.processes
      .filter((process) => find(now, process) === undefined)
      .map((before) => ({ before, now: undefined })),
  ];
  const ranked = now.processes.flatMap((process): readonly (Rank & { readonly process: ProcessFacts })[] => {
    const size = measure(process, total);
    return size === undefined ? [] : [{ size, identity: process.identity, process }];
  });
  ranked.sort(compareRanks);
  const first = ranked.slice(0, 1 + chance(12)).map(({ process }) => process);
  // Who leads may have been passed over before.
  const leading = first.filter(() => chance(30) > 0);
  const line = lineOf(now);
  const heads = new Set([...leading, ...changes.flatMap((each) => each.now ?? []), ...line]);
  for (const process of now.processes) if (process.isDying) heads.add(process);
  const others = ranked.filter(({ process }) => !heads.has(process));
  const [firstOther] = others;
  return { measure, total, since: since.processes, changes, heads: [...heads], firstOther, others: others.length };
}

/** Who reads, and its ancestors. */
function lineOf({ self, processes }: ProcessTable): readonly ProcessFacts[] {
  const line: ProcessFacts[] = [];
  let next = processes.find(({ identity }) => identity.pid === self);
  while (next !== undefined && !line.includes(next)) {
    line.push(next);
    const { parent } = next;
    next = processes.find(({ identity }) => identity.pid === parent);
  }
  return line;
}

/** The same list, which counts how often somebody in it is looked at. */
function watched(processes: readonly ProcessFacts[]): { readonly list: readonly ProcessFacts[]; looks(): number } {
  let looks = 0;
  const list = new Proxy(processes, {
    get(target, key, receiver) {
      if (typeof key === "string" && /^\d+$/.test(key)) looks += 1;
      return Reflect.get(target, key, receiver);
    },
  });
  return { list, looks: () => looks };
}

/**
 * What is decided but for the ranking, of which less may be certain, and for how many could be chosen: whom only his relatives guard
 * counts among them, where not everybody was looked at.
 */
function essence(decision: Decision | undefined): unknown {
  if (decision?.kind !== "signal") return decision;
  const { ranking, eligible, ...rest } = decision;
  return { ...rest, first: ranking[0] };
}

const eligibleIn = ({ decisions: [first] }: Verdict): number => (first?.kind === "signal" ? first.eligible : 0);

/** How many only their relatives guard. */
const guardedByKin = ({ processes }: ProcessTable): number =>
  guardKin(
    processes.map((process) => appraise(process, { ...standards, total })),
    processes,
  ).filter((judgement) => judgement.kind === "ineligible" && proofs.has(judgement.guard?.by ?? "")).length;

const proofs: ReadonlySet<string> = new Set(["parent", "children"]);
const standards = {
  ...aPlan(),
  isGuarding: true,
  circumstances: noCircumstances,
  self: selfPid,
  ancestors: new Set<never>(),
};

/** A decision about a table with a digest, and the same without: whoever copies a list leaves the digest behind. */
function decideTwice(
  number: number,
  plan: Plan,
): { readonly quick: Verdict; readonly slow: Verdict; readonly isAtOnce: boolean; readonly byKin: number } {
  const chance = chanceOf(number);
  const before = calmTable(chance);
  const calm = aSnapshot({ at: 1000, meminfo: someMeminfo({ total, available: gib(8) }), table: before });
  const { state, next } = decide(calm, initialState(ms(0)), plan);
  let now = before;
  for (let rounds = chance(4); rounds >= 0; rounds--) now = later(now, chance);
  const { measure = assert.fail("no measure") } = wishFor({ ...next, keepsTable: true }, state, plan);
  const { list, looks } = watched(now.processes);
  digest(list, digestBy(measure, [before, now], chance));
  const meminfo = someMeminfo({ total, available: mib(1) });
  const quick = decide(aSnapshot({ at: 1900, meminfo, table: { ...now, processes: list } }), state, plan);
  const isAtOnce = looks() < list.length;
  return {
    quick,
    slow: decide(aSnapshot({ at: 1900, meminfo, table: now }), state, plan),
    isAtOnce,
    byKin: guardedByKin(now),
  };
}

const rankingOf = ({ decisions: [first] }: Verdict) => (first?.kind === "signal" ? first.ranking : []);

/** Why somebody goes before others who hold more. */
const waysTo = (verdict: Verdict): readonly string[] =>
  rankingOf(verdict)
    .slice(0, 1)
    .flatMap(({ badness }) => badness.terms.map(({ name }) => name));

describe(`a table of which a machine knows who leads and what changed (seed ${seed})`, () => {
  it("leads to the decision that looking at everybody leads to, mostly without looking at everybody", () => {
    let [atOnce, all] = [0, 0];
    const ways = new Set<string>();
    const property = fc.property(fc.nat(), fc.constantFrom(...plans), (number, plan) => {
      const { quick, slow, isAtOnce, byKin } = decideTwice(number, plan);
      assert.deepEqual(quick.decisions.map(essence), slow.decisions.map(essence));
      assert.deepEqual(quick.findings, slow.findings);
      assert.deepEqual(rankingOf(quick), rankingOf(slow).slice(0, rankingOf(quick).length));
      const more = eligibleIn(quick) - eligibleIn(slow);
      assert.ok(more >= 0 && more <= byKin, `${more} more than can be chosen, ${byKin} of kin`);
      for (const name of waysTo(quick)) ways.add(isAtOnce ? `${name} at once` : name);
      if (isAtOnce) atOnce++;
      else all++;
    });
    fc.assert(property, { seed, numRuns: runs(600) });
    for (const way of ["family", "growth at once", "application at once"]) {
      assert.ok(ways.has(way), `nobody was chosen by ${way}`);
    }
    assert.ok(atOnce > all && all > atOnce / 20, `${atOnce} at once, ${all} by looking at everybody`);
  });
});
