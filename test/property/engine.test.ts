import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { Decision } from "#domain/decision.ts";
import { known, knownValue, type Snapshot } from "#domain/snapshot.ts";
import {
  add,
  type KiB,
  type Milliseconds,
  mib,
  milliseconds,
  oomScoreAdjMin,
  percent,
  percentOf,
} from "#domain/units.ts";
import { decide, type Verdict } from "#engine/decide.ts";
import { bindPolicy, defaultOptions } from "#engine/define-policy.ts";
import { ancestorsOf } from "#engine/eligibility.ts";
import { callsForVictim } from "#engine/evidence.ts";
import type { Plan } from "#engine/plan.ts";
import { policies } from "#policies/catalogue.ts";
import type { Scenario } from "#simulated/scenario.ts";
import { simulatedMachine } from "#simulated/simulated-machine.ts";
import { aPlan, marksAround, protecting } from "#test/support/a-plan.ts";
import { isProof, windowOf } from "#test/support/is-proof.ts";
import { type Pause, pauses, waitThrough } from "#test/support/pauses.ts";
import { holdAll, type Moment as Look, liveThrough } from "#test/support/random-life.ts";
import { scenarios } from "#test/support/random-scenario.ts";
import { runs, seed } from "#test/support/seed.ts";

/** A plan for any machine, with one process of the scenario protected by name. */
interface Case {
  readonly scenario: Scenario;
  readonly plan: Plan;
  readonly protectedName: string;
  /** Times at which nobody looks for a while: the daemon is stopped, or the machine it runs on is. */
  readonly pauses: readonly Pause[];
}

const cases: fc.Arbitrary<Case> = fc
  .record({
    scenario: scenarios(),
    low: fc.integer({ min: 2, max: 12 }),
    policy: fc.constantFrom(...policies),
    nth: fc.nat(),
    budget: fc.constantFrom(1, 3, 10),
    holdFor: fc.constantFrom(0, 0, 0, 700).map(milliseconds),
    pauses,
  })
  .map(({ scenario, low, policy, nth, budget, holdFor, pauses: drawn }) => {
    const protectedName = scenario.processes[nth % scenario.processes.length]?.name ?? "nobody";
    const mark = percentOf(percent(low), scenario.ram);
    const plan = aPlan({
      headroom: marksAround(mark),
      policy: bindPolicy(policy, defaultOptions(policy.options)),
      rules: [protecting(protectedName)],
      kill: { ...aPlan().kill, budget },
      alarms: aPlan().alarms.map((alarm) => (alarm.kind === "exhausted" ? alarm : { ...alarm, holdFor })),
    });
    return { scenario, plan, protectedName, pauses: drawn };
  });

/** One look of a run, with all that was known when it was decided upon. */
interface Moment extends Look {
  /** When the last kill ended. One that was refused or survived is none: nothing came back, and the evidence stands. */
  readonly endedAt: Milliseconds | undefined;
}

const endings: ReadonlySet<string> = new Set(["memory-back", "memory-late", "victim-spared"]);

/** Plays a scenario. */
async function play({ scenario, plan, pauses: planned }: Case, visit: (moment: Moment) => void): Promise<void> {
  const machine = simulatedMachine(scenario);
  let endedAt: Milliseconds | undefined;
  const wait = (until: Milliseconds) => waitThrough(machine, until, planned);
  await liveThrough({ machine, plan, duration: scenario.duration, mostLooks: 4000, wait }, (look) => {
    if (look.verdict.findings.some(({ kind }) => endings.has(kind))) endedAt = look.snapshot.takenAt;
    visit({ ...look, endedAt });
  });
}

type Opening = Extract<Decision, { kind: "signal" }>;

const openings = ({ decisions }: Verdict): readonly Opening[] =>
  decisions.filter((decision) => decision.kind === "signal");

function withTable(snapshot: Snapshot, reorder: <T>(list: readonly T[]) => readonly T[]): Snapshot {
  const table = knownValue(snapshot.processes);
  if (table === undefined) return snapshot;
  return { ...snapshot, processes: known({ ...table, processes: reorder(table.processes) }) };
}

function withMore(snapshot: Snapshot, more: KiB): Snapshot {
  const meminfo = knownValue(snapshot.meminfo);
  if (meminfo?.available === undefined) return snapshot;
  return { ...snapshot, meminfo: known({ ...meminfo, available: add(meminfo.available, more) }) };
}

/** 0: leaves everybody alone, 1: asks somebody to end, 2: kills. */
function harshness({ decisions }: Verdict): number {
  const grades = decisions.map((decision) => {
    if (decision.kind === "escalate") return 2;
    if (decision.kind === "signal") return decision.signal === "SIGKILL" ? 2 : 1;
    return 0;
  });
  return Math.max(0, ...grades);
}

function assertMayDie({ victim }: Opening, { snapshot }: Moment, { protectedName }: Case): void {
  const table = knownValue(snapshot.processes);
  assert.ok(table, "a victim was chosen without a table");
  const process = table.processes.find(({ identity }) => identity.pid === victim.identity.pid);
  assert.ok(process);
  assert.notEqual(process.identity.pid, 1);
  assert.notEqual(process.identity.pid, table.self);
  assert.ok(!ancestorsOf(table.self, table).has(process.identity.pid));
  assert.ok(!process.isKernelThread && !process.isDying && process.memory !== undefined);
  assert.notEqual(process.oomScoreAdj, oomScoreAdjMin);
  assert.notEqual(process.comm, protectedName);
}

/** The order of suspects says nothing: they are a set. */
const comparable = ({ decisions }: Verdict) =>
  decisions.map((decision) => ("sharers" in decision ? { ...decision, sharers: undefined } : decision));

/** What holds at every look of every run. */
const claims: Readonly<Record<string, (moment: Moment, played: Case) => void>> = {
  "never signals init, itself, its ancestors, kernel threads, adj -1000 or what a rule protects": (moment, played) => {
    for (const opening of openings(moment.verdict)) assertMayDie(opening, moment, played);
  },
  "decides the same from the same input, whatever the order of the process table": (moment, { plan }) => {
    const { snapshot, before, verdict } = moment;
    if (snapshot.processes === undefined) return;
    const backwards = withTable(snapshot, (list) => list.toReversed());
    assert.deepEqual(comparable(decide(backwards, before, plan)), comparable(verdict));
    assert.deepEqual(decide(snapshot, before, plan), verdict);
  },
  "is never harsher because more memory is available": ({ snapshot, before, verdict }, { plan }) => {
    if (verdict.state.alarm === undefined && snapshot.processes === undefined) return;
    for (const more of [mib(1), mib(100), mib(10_000)]) {
      assert.ok(harshness(decide(withMore(snapshot, more), before, plan)) <= harshness(verdict));
    }
  },
  "chooses nobody while a victim is in flight": ({ before, verdict }) => {
    if (openings(verdict).length === 0 || before.inFlight === undefined) return;
    assert.ok(verdict.decisions.some(({ kind }) => kind === "release"));
  },
  "chooses nobody in the cool-down unless min is crossed": ({ snapshot, before, verdict }) => {
    for (const { alarm } of openings(verdict)) {
      assert.ok(alarm.kind === "exhausted" || snapshot.takenAt >= before.coolDownUntil);
    }
  },
  "answers every alarm that calls for a victim, or says why it does not": ({ verdict, snapshot }) => {
    const { alarm, inFlight, withheldSaid, owed } = verdict.state;
    if (!callsForVictim(alarm)) return;
    const looksCloser = verdict.next.at === snapshot.takenAt && verdict.next.needs.includes("processes");
    const hasJustEnded = owed?.since === snapshot.takenAt;
    assert.ok(inFlight !== undefined || withheldSaid.size > 0 || looksCloser || hasJustEnded);
  },
  "signals nobody without evidence that stands by its own numbers, and asks whoever can hear it while there is time": ({
    verdict,
    snapshot,
  }) => {
    for (const { alarm, signal, victim } of openings(verdict)) {
      assert.ok([alarm.reason, ...(alarm.also ?? [])].every(isProof), JSON.stringify(alarm));
      const { processes = [] } = knownValue(snapshot.processes) ?? {};
      const isStopped = processes.some(
        ({ identity, state }) => identity.pid === victim.identity.pid && state === "stopped",
      );
      assert.equal(signal === "SIGKILL", alarm.kind === "exhausted" || isStopped);
    }
    for (const decision of verdict.decisions) {
      if (decision.kind === "escalate") assert.ok(callsForVictim(decision.alarm) && isProof(decision.alarm.reason));
    }
  },
  "takes a second victim only for what is missing or measured after the first one was gone": (moment) => {
    const { verdict, endedAt } = moment;
    for (const { alarm } of openings(verdict)) {
      const watched = windowOf[alarm.reason.kind];
      const window = watched === undefined ? undefined : verdict.state.windows[watched];
      if (endedAt !== undefined && window !== undefined) assert.ok(window.start >= endedAt);
    }
  },
  "finds no stall and no thrashing in a gap between looks": ({ verdict }) => {
    if (!verdict.findings.some(({ kind }) => kind === "look-missed")) return;
    const { alarm } = verdict.state;
    assert.ok(alarm === undefined || windowOf[alarm.reason.kind] === undefined, JSON.stringify(alarm));
  },
  "never looks twice at the same moment but to see the processes": ({ snapshot, verdict }) => {
    assert.ok(verdict.next.at >= snapshot.takenAt);
    if (verdict.next.at === snapshot.takenAt) assert.equal(snapshot.processes, undefined);
  },
  "stays within its budget of kills": ({ verdict }, { plan }) => {
    assert.ok(verdict.state.kills.length <= plan.kill.budget);
  },
};

describe("the engine on random machines", () => {
  it(`holds ${Object.keys(claims).length} invariants at every look of ${runs(1000)} runs (SEED=${seed})`, async () => {
    const property = fc.asyncProperty(cases, (played) => play(played, (moment) => holdAll(claims, moment, played)));
    await fc.assert(property, { seed, numRuns: runs(1000), includeErrorInReport: true });
  });

  it("kills in many ways in such runs, so that the invariants mean something", async () => {
    const seen = new Set<string>();
    for (const played of fc.sample(cases, { seed: 1, numRuns: 200 })) {
      await play(played, ({ verdict }) => {
        for (const decision of verdict.decisions)
          seen.add(decision.kind === "signal" ? decision.signal : decision.kind);
      });
    }
    for (const way of ["SIGTERM", "SIGKILL", "escalate", "adopt", "reap", "release"]) assert.ok(seen.has(way), way);
  });
});
