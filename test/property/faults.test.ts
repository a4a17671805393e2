import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { identityKey } from "#domain/identity.ts";
import { add, atLeast, type Milliseconds, milliseconds, percent, percentOf, seconds } from "#domain/units.ts";
import { callsForVictim } from "#engine/evidence.ts";
import type { Plan } from "#engine/plan.ts";
import { type Fault, type FaultSpell, strikingAt } from "#machine/fault.ts";
import { withFaults } from "#machine/with-faults.ts";
import type { Scenario } from "#simulated/scenario.ts";
import { type SimulatedMachine, simulatedMachine } from "#simulated/simulated-machine.ts";
import { aPlan, marksAround, protecting } from "#test/support/a-plan.ts";
import { faultSpells } from "#test/support/random-faults.ts";
import { holdAll, type Moment as Look, liveThrough } from "#test/support/random-life.ts";
import { scenarios } from "#test/support/random-scenario.ts";
import { runs, seed } from "#test/support/seed.ts";

interface Case {
  readonly scenario: Scenario;
  readonly spells: readonly FaultSpell[];
  readonly plan: Plan;
  readonly protectedName: string;
}

const cases: fc.Arbitrary<Case> = fc
  .record({
    scenario: scenarios(),
    spells: faultSpells,
    low: fc.integer({ min: 2, max: 12 }),
    nth: fc.nat(),
    lookTakes: fc.constantFrom(0, 1, 40, 400).map(milliseconds),
  })
  .map(({ scenario, spells, low, nth, lookTakes }): Case => {
    const protectedName = scenario.processes[nth % scenario.processes.length]?.name ?? "nobody";
    return {
      scenario: { ...scenario, killer: { ...scenario.killer, lookTakes } },
      spells,
      plan: aPlan({ headroom: marksAround(percentOf(percent(low), scenario.ram)), rules: [protecting(protectedName)] }),
      protectedName,
    };
  });

/** One look of a run. */
interface Moment extends Look {
  /** How many looks there have been at this very time. */
  readonly looksAtOnce: number;
}

/** Plays a scenario on a machine that fails, and gives the machine back as it was left. */
async function play(
  { scenario, spells, plan }: Case,
  visit: (moment: Moment) => void = () => undefined,
): Promise<SimulatedMachine> {
  const machine = simulatedMachine(scenario);
  let looksAtOnce = 0;
  let lookedAt: Milliseconds | undefined;
  const life = { machine: withFaults(machine, spells), plan, duration: scenario.duration, mostLooks: 4000 };
  await liveThrough(life, (look) => {
    looksAtOnce = lookedAt === look.snapshot.takenAt ? looksAtOnce + 1 : 1;
    lookedAt = look.snapshot.takenAt;
    visit({ ...look, looksAtOnce });
  });
  return machine;
}

const openings = ({ verdict }: Moment) => verdict.decisions.filter((decision) => decision.kind === "signal");

/** What holds at every look, whatever fails. */
const claims: Readonly<Record<string, (moment: Moment, played: Case) => void>> = {
  "looks again in time: no fault stops the loop, and none makes it spin": (
    { verdict, snapshot, looksAtOnce },
    { plan },
  ) => {
    const { at } = verdict.next;
    assert.ok(atLeast(at, snapshot.takenAt));
    assert.ok(atLeast(add(snapshot.takenAt, plan.pacing.calm), at), `the next look is planned for ${at}`);
    assert.ok(looksAtOnce <= 2, `${looksAtOnce} looks at one moment`);
  },
  "answers every alarm that calls for a victim, or says why it does not": ({ verdict, snapshot }) => {
    const { alarm, inFlight, withheldSaid, owed, lostSensors } = verdict.state;
    if (!callsForVictim(alarm)) return;
    const looksCloser = verdict.next.at === snapshot.takenAt && verdict.next.needs.includes("processes");
    const hasJustEnded = owed?.since === snapshot.takenAt;
    const isBlind = snapshot.meminfo?.kind === "unavailable" && lostSensors.has("meminfo");
    assert.ok(inFlight !== undefined || withheldSaid.size > 0 || looksCloser || hasJustEnded || isBlind);
  },
  "chooses nobody while a victim is in flight": (moment) => {
    const { before, verdict } = moment;
    if (openings(moment).length === 0 || before.inFlight === undefined) return;
    assert.ok(verdict.decisions.some(({ kind }) => kind === "release"));
  },
  "chooses nobody in the cool-down unless min is crossed": (moment) => {
    for (const { alarm } of openings(moment)) {
      assert.ok(alarm.kind === "exhausted" || atLeast(moment.snapshot.takenAt, moment.before.coolDownUntil));
    }
  },
  "chooses nobody by what it did not read": (moment) => {
    for (const { victim } of openings(moment)) {
      const { processes, meminfo } = moment.snapshot;
      assert.equal(meminfo?.kind, "known");
      assert.ok(processes?.kind === "known");
      const seen = processes.value.processes.map(({ identity }) => identityKey(identity));
      assert.ok(seen.includes(identityKey(victim.identity)));
    }
  },
  "gives a victim up in the time it has": ({ verdict, snapshot, before }, { plan, spells }) => {
    const killedAt = before.inFlight?.killedAt;
    if (killedAt === undefined || before.inFlight?.letGoAt !== undefined) return;
    const isBlind = snapshot.meminfo?.kind === "unavailable";
    const isLate = spells.some(({ fault }) => fault.kind === "late");
    const isSameVictim = verdict.state.inFlight?.killedAt === killedAt;
    const mostTime = add(plan.kill.killTimeout, seconds(10));
    assert.ok(!isSameVictim || isBlind || isLate || atLeast(add(killedAt, mostTime), snapshot.takenAt));
  },
};

/** Nobody but those who were decided upon, and nobody who must live, was ever signalled. */
function assertOnlyVictimsWereSignalled(machine: SimulatedMachine, decided: ReadonlySet<string>, played: Case): void {
  for (const event of machine.events) {
    if (event.kind !== "signalled" || event.by !== "tidemark") continue;
    assert.ok(decided.has(identityKey(event.identity)), `${event.comm} was not decided upon`);
    assert.notEqual(event.comm, played.protectedName);
    assert.notEqual(event.identity.pid, 1);
  }
}

async function playSoundly(played: Case): Promise<void> {
  const decided = new Set<string>();
  const machine = await play(played, (moment) => {
    holdAll(claims, moment, played);
    for (const decision of moment.verdict.decisions) {
      if (decision.kind !== "signal") continue;
      for (const identity of [decision.victim.identity, ...decision.sharers.suspects])
        decided.add(identityKey(identity));
    }
  });
  assertOnlyVictimsWereSignalled(machine, decided, played);
}

describe("random faults on random machines", () => {
  it(`break none of ${Object.keys(claims).length + 1} promises in ${runs(500)} runs (SEED=${seed})`, async () => {
    const property = fc.asyncProperty(cases, playSoundly);
    await fc.assert(property, { seed, numRuns: runs(500), includeErrorInReport: true });
  });

  it("strike in every way while somebody is to be killed, so that the promises mean something", async () => {
    const struck = new Set<Fault["kind"]>();
    for (const played of fc.sample(cases, { seed: 1, numRuns: 150 })) {
      await play(played, ({ snapshot, verdict }) => {
        if (!callsForVictim(verdict.state.alarm)) return;
        for (const { kind } of strikingAt(played.spells, snapshot.takenAt)) struck.add(kind);
      });
    }
    assert.equal(struck.size, 9, [...struck].join(", "));
  });
});
