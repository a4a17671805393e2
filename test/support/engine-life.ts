import assert from "node:assert/strict";
import type { Decision } from "#domain/decision.ts";
import type { GiverReport } from "#domain/giver.ts";
import { known, type Snapshot } from "#domain/snapshot.ts";
import { gib, mib, milliseconds, pid, startTicks } from "#domain/units.ts";
import type { VictimReport } from "#domain/victim-report.ts";
import { decide, type Verdict } from "#engine/decide.ts";
import { type EngineState, initialState } from "#engine/engine-state.ts";
import type { Plan } from "#engine/plan.ts";
import { aPlan } from "#test/support/a-plan.ts";
import {
  aSnapshot,
  noReclaim,
  type ProcessWish,
  someMeminfo,
  somePressure,
  someTable,
} from "#test/support/a-snapshot.ts";
import { deepFreeze } from "#test/support/deep-freeze.ts";

/** The one that holds most, and would go first. */
export const hog: ProcessWish = { pid: 100, comm: "hog", anon: gib(8), pageTables: mib(16) };
/** The next one. */
export const neighbour: ProcessWish = { pid: 50, comm: "neighbour", anon: gib(2) };
export const hogIdentity = { pid: pid(100), startTicks: startTicks(100) };
export const neighbourIdentity = { pid: pid(50), startTicks: startTicks(50) };

/** A report: the hog lives. */
export const alive = (reap: Extract<VictimReport, { kind: "alive" }>["reap"]["kind"] = "not-asked"): VictimReport =>
  ({
    identity: hogIdentity,
    kind: "alive",
    reap: reap === "released" ? { kind: reap, took: milliseconds(30) } : { kind: "not-asked" },
  }) as const;

/** A report: the hog has exited. */
export const exited = (at: number): VictimReport => ({
  identity: hogIdentity,
  kind: "exited",
  at: milliseconds(at),
  reap: { kind: "not-asked" },
});

/** What one look of a test sees, in MiB. */
export interface Look {
  readonly at: number;
  readonly available: number;
  readonly anon?: number;
  readonly full?: number;
  readonly table?: readonly ProcessWish[];
  readonly victims?: readonly VictimReport[];
  readonly givers?: readonly GiverReport[];
  /** Nobody looked for so long before it than had been planned. Otherwise each look comes when it was planned. */
  readonly late?: number;
  readonly sleptFor?: number;
}

/** The snapshot of a look. */
export const see = ({ at, available, anon, full, table, victims, givers, sleptFor }: Look): Snapshot => ({
  ...aSnapshot({
    at,
    meminfo: someMeminfo({ available: mib(available), ...(anon !== undefined && { anon: mib(anon) }) }),
    pressure: somePressure({ some: full ?? 0, full: full ?? 0 }),
    ...(table && { table: someTable(table) }),
    ...(victims && { victims }),
    ...(givers && { givers }),
  }),
  ioPressure: known(somePressure({ some: 0, full: 0 })),
  vmstat: known(noReclaim),
  ...(sleptFor !== undefined && { sleptFor: milliseconds(sleptFor) }),
});

/** Decides look after look, each with what the one before remembered; inputs are frozen. */
export function live(looks: readonly Look[], plan: Plan = aPlan()): readonly Verdict[] {
  let state: EngineState = initialState(milliseconds(0));
  return looks.map((look) => {
    const planned = { ...state, dueAt: milliseconds(look.at - (look.late ?? 0)) };
    const verdict = decide(deepFreeze(see(look)), deepFreeze(planned), deepFreeze(plan));
    state = verdict.state;
    return verdict;
  });
}

/** The verdict on the last of several looks. */
export const last = (looks: readonly Look[], plan?: Plan): Verdict => {
  const verdict = live(looks, plan).at(-1);
  assert.ok(verdict);
  return verdict;
};

/** What is to be done. */
export const kinds = (verdict: Verdict) => verdict.decisions.map(({ kind }) => kind);
/** What was noticed. */
export const findings = (verdict: Verdict) => verdict.findings.map(({ kind }) => kind);
/** The decision that begins a kill. */
export const opening = ({ decisions }: Verdict): Extract<Decision, { kind: "signal" }> => {
  const [decision] = decisions;
  assert.equal(decision?.kind, "signal");
  return decision;
};
/** The only decision, which is to send the stronger signal. */
export const escalation = ({ decisions }: Verdict) => {
  const [decision, ...others] = decisions;
  assert.deepEqual(others, []);
  assert.equal(decision?.kind, "escalate");
  const { victim, reapsAtOnce, why, alarm } = decision;
  return { identity: victim.identity, reapsAtOnce, why, alarm: alarm.kind };
};

/** A look that has the table, with so little available. */
export const tableBelow = (available: number): Look => ({ at: 100, available, table: [hog, neighbour] });
