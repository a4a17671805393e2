import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { ProcessFacts, ProcessTable } from "#domain/process.ts";
import { add, gib, type KiB, kib, mib, uid } from "#domain/units.ts";
import { negligible } from "#engine/beyond-doubt.ts";
import { decide, type Verdict } from "#engine/decide.ts";
import { bindPolicy, defaultOptions } from "#engine/define-policy.ts";
import { initialState } from "#engine/engine-state.ts";
import type { Plan } from "#engine/plan.ts";
import { justOne } from "#engine/rule.ts";
import { policies } from "#policies/catalogue.ts";
import { aPlan } from "#test/support/a-plan.ts";
import { aSnapshot, ms, someMeminfo } from "#test/support/a-snapshot.ts";
import { type Chance, chanceOf, randomTable } from "#test/support/bench/random-table.ts";
import { runs, seed } from "#test/support/seed.ts";

const total = gib(16);

const plans: readonly Plan[] = [
  [],
  [{ verdict: "prefer", when: { uid: justOne(uid(7)) }, origin: "property" } as const],
].flatMap((rules) =>
  policies.map((policy) => aPlan({ rules, policy: bindPolicy(policy, defaultOptions(policy.options)) })),
);

const heldOf = ({ memory }: ProcessFacts): KiB => kib(memory === undefined ? 0 : memory.rss + memory.swap);

const permilleOf = ({ memory, oomScoreAdj }: ProcessFacts): number =>
  memory === undefined
    ? 0
    : Math.ceil(((memory.counted + memory.swap + memory.pageTables) * 1000) / total) + oomScoreAdj + 1;

/** The same table without some of its processes, which have no more than is said of them. */
function leaveOut(table: ProcessTable, isLeftOut: (process: ProcessFacts) => boolean): ProcessTable {
  const left = table.processes.filter((process, index) => index > 1 && isLeftOut(process));
  if (left.length === 0) return table;
  const out = new Set(left);
  return {
    ...table,
    processes: table.processes.filter((process) => !out.has(process)),
    unread: {
      count: left.length,
      held: kib(Math.max(...left.map(heldOf))),
      own: kib(Math.max(...left.map(({ memory }) => (memory === undefined ? 0 : memory.anon + memory.swap)))),
      permille: Math.max(...left.map(permilleOf)),
    },
  };
}

function decideOn(table: ProcessTable, plan: Plan): Verdict {
  // Below `min` nobody waits to hear who is preferred.
  const available = plan.rules.length > 0 ? add(plan.headroom.min, mib(1)) : kib(1024);
  const meminfo = someMeminfo({ available, total });
  return decide(aSnapshot({ at: 1000, meminfo, table }), initialState(ms(0)), plan);
}

const victimOf = ({ decisions }: Verdict) =>
  decisions.flatMap((decision) => (decision.kind === "signal" ? [decision.victim] : []))[0];

/** The very same, or one who has next to nothing less. */
function assertAsGood(verdict: Verdict, best: Verdict): void {
  const [chosen, first] = [verdict, best].map(victimOf);
  const isNearly =
    chosen !== undefined && first !== undefined && first.badness.total - chosen.badness.total < negligible;
  if (!isNearly) assert.deepEqual(chosen?.identity, first?.identity);
}

const asksForAll = ({ decisions, next }: Verdict): boolean =>
  decisions.length === 0 && next.needs.includes("processes") && next.keepsTable === undefined && next.at <= 1000;

/** Who is left out: the light ones by some measure, or anybody. */
function someLeftOut(table: ProcessTable, chance: Chance): (process: ProcessFacts) => boolean {
  const least = heldOf(table.processes[chance(table.processes.length)] ?? table.processes[0] ?? never());
  const measures = [
    (process: ProcessFacts) => heldOf(process) <= least,
    (process: ProcessFacts) => permilleOf(process) <= 20 + chance(100),
    () => chance(20) === 0,
  ];
  return measures[chance(measures.length)] ?? never();
}

function never(): never {
  throw new Error("Cannot happen: a table is never empty");
}

const preferring = plans.filter(({ rules }) => rules.length > 0);

describe(`of a table that leaves somebody out (seed ${seed})`, () => {
  it("the same victim is chosen as of all of it, or all of it is asked for, and both happen often", () => {
    let [decided, asked] = [0, 0];
    fc.assert(
      fc.property(fc.nat(), fc.constantFrom(...plans), (number, plan) => {
        const chance = chanceOf(number);
        const whole = randomTable(3 + chance(60), chance);
        const part = leaveOut(whole, someLeftOut(whole, chance));
        const verdict = decideOn(part, plan);
        if (part.unread !== undefined && asksForAll(verdict)) asked++;
        else {
          decided++;
          assertAsGood(verdict, decideOn(whole, plan));
        }
      }),
      { seed, numRuns: runs(600) },
    );
    assert.ok(
      decided > (decided + asked) / 10 && asked > (decided + asked) / 100,
      `${decided} decided, ${asked} asked`,
    );
  });

  it("below `min` somebody who was not read is not preferred: nothing is asked for that takes long", () => {
    fc.assert(
      fc.property(fc.nat(), fc.constantFrom(...preferring), (number, plan) => {
        const chance = chanceOf(number);
        const whole = randomTable(10 + chance(60), chance);
        const part = leaveOut(whole, someLeftOut(whole, chance));
        const meminfo = someMeminfo({ available: kib(1024), total });
        const decideBy = (table: ProcessTable, by: Plan): Verdict =>
          decide(aSnapshot({ at: 1000, meminfo, table }), initialState(ms(0)), by);
        // As if the rule said nothing about those who were left out.
        const known = new Set(part.processes.map(({ identity }) => identity.pid));
        const neutral = whole.processes.map((each) => (known.has(each.identity.pid) ? each : { ...each, uid: uid(1) }));
        const verdict = decideBy(part, plan);
        if (!asksForAll(verdict)) assertAsGood(verdict, decideBy({ ...whole, processes: neutral }, plan));
      }),
      { seed, numRuns: runs(300) },
    );
  });
});
