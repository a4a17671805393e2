import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { Finding } from "#domain/finding.ts";
import {
  add,
  type KiB,
  kib,
  type Milliseconds,
  milliseconds,
  percent,
  percentOf,
  scale,
  seconds,
} from "#domain/units.ts";
import { callsForVictim } from "#engine/evidence.ts";
import type { Plan } from "#engine/plan.ts";
import { type GiverScript, withGivers } from "#simulated/givers.ts";
import type { Scenario } from "#simulated/scenario.ts";
import { simulatedMachine } from "#simulated/simulated-machine.ts";
import { aPlan, marksAround } from "#test/support/a-plan.ts";
import { holdAll, liveThrough, type Moment } from "#test/support/random-life.ts";
import { scenarios } from "#test/support/random-scenario.ts";
import { runs, seed } from "#test/support/seed.ts";
import { aGiver } from "#test/support/some-givers.ts";

interface Case {
  readonly scenario: Scenario;
  readonly scripts: readonly GiverScript[];
  readonly plan: Plan;
}

/** They hold little: a machine is not short of memory because of them. */
const holding = (ram: KiB): KiB => kib(scale(ram, 1 / 100));

const cases: fc.Arbitrary<Case> = fc
  .record({
    scenario: scenarios(),
    behaviours: fc.array(fc.constantFrom("gives" as const, "fails" as const, "hangs" as const), {
      minLength: 1,
      maxLength: 3,
    }),
    after: fc.integer({ min: 0, max: 3000 }),
    timeout: fc.integer({ min: 10, max: 3000 }),
    deadline: fc.integer({ min: 10, max: 4000 }),
    low: fc.integer({ min: 2, max: 12 }),
  })
  .map(({ scenario, behaviours, after, timeout, deadline, low }) => {
    const scripts = behaviours.map((behaves, index) => ({
      name: `giver-${index}`,
      holds: holding(scenario.ram),
      after: milliseconds(after),
      behaves,
    }));
    const mark = percentOf(percent(low), scenario.ram);
    const plan = aPlan({
      headroom: marksAround(mark),
      notify: {
        givers: scripts.map(({ name }) => aGiver(name, timeout)),
        programs: [],
        deadline: milliseconds(deadline),
        coolDown: seconds(5),
      },
    });
    return { scenario, scripts, plan };
  });

/** Plays a scenario until a visit answers false. */
async function play({ scenario, scripts }: Case, plan: Plan, visit: (moment: Moment) => boolean): Promise<void> {
  using machine = withGivers(simulatedMachine(scenario), scripts);
  await liveThrough({ machine, plan, duration: scenario.duration, mostLooks: 3000 }, visit);
}

/** What holds at every look of every run. */
const claims: Readonly<Record<string, (moment: Moment, plan: Plan) => void>> = {
  "lets no chain live longer than its deadline": ({ snapshot, verdict }, { notify }) => {
    const { chain } = verdict.state.notify;
    if (chain !== undefined) assert.ok(snapshot.takenAt < add(chain.since, notify.deadline));
  },
  "looks again by the time a giver is out of time": ({ verdict }, { notify }) => {
    const { chain } = verdict.state.notify;
    if (chain !== undefined) assert.ok(verdict.next.at <= add(chain.since, notify.deadline));
  },
  "makes givers ready in calm only": ({ verdict }) => {
    const enlists = verdict.decisions.some(({ kind }) => kind === "enlist");
    if (enlists) assert.equal(verdict.state.alarm, undefined);
  },
  "asks nobody when an alarm is louder than scarce, nor while a victim is in flight": ({ before, verdict }) => {
    if (!verdict.decisions.some(({ kind }) => kind === "ask")) return;
    assert.ok(["approaching", "scarce"].includes(verdict.state.alarm?.kind ?? "none"));
    assert.equal(before.inFlight, undefined);
  },
  "asks one giver at a time, and dismisses whom it asked": ({ verdict, before }) => {
    const names = (kind: "ask" | "dismiss") =>
      verdict.decisions.flatMap((each) => (each.kind === kind ? [each.giver.name] : []));
    assert.ok(names("ask").length <= 1);
    const asked = before.notify.chain?.asked?.giver.name;
    assert.ok(names("dismiss").every((name) => name === asked));
    if (names("ask").length > 0 && asked !== undefined) assert.deepEqual(names("dismiss"), [asked]);
  },
  "says of every chain how it ended": ({ before, verdict }) => {
    const hasEnded = before.notify.chain !== undefined && verdict.state.notify.chain === undefined;
    assert.equal(verdict.findings.filter(({ kind }) => kind === "givers-ended").length, hasEnded ? 1 : 0);
  },
};

interface FirstSignal {
  /** Undefined: nobody was signalled. */
  readonly at: Milliseconds | undefined;
  /** From a certain time on nothing called for a victim any more, before anybody was signalled. */
  readonly hasPassed: boolean;
  /** The last look: what has to be done later is not seen. */
  readonly seenUntil: Milliseconds;
}

/** When somebody was first signalled, and whether what called for it at some time was over before. */
async function firstSignal(played: Case, plan: Plan, calledAt?: Milliseconds): Promise<FirstSignal> {
  let at: Milliseconds | undefined;
  let hasPassed = false;
  let seenUntil = milliseconds(0);
  await play(played, plan, ({ snapshot, verdict }) => {
    seenUntil = snapshot.takenAt;
    if (verdict.decisions.some(({ kind }) => kind === "signal")) at = snapshot.takenAt;
    const isDue = calledAt !== undefined && snapshot.takenAt > add(calledAt, tolerance);
    hasPassed ||= at === undefined && isDue && !callsForVictim(verdict.state.alarm);
    return at === undefined;
  });
  return { at, hasPassed, seenUntil };
}

/** Looks take time and are apart, 100 ms where something may be proven soon; a machine that is asked something different is looked at at other moments. */
const tolerance = milliseconds(160);

function waysOf(finding: Finding): readonly string[] {
  if (finding.kind === "givers-ended") return [finding.ending];
  if (finding.kind === "giver-answered") return [finding.result.kind];
  return finding.kind === "kill-withheld" ? [finding.why] : [];
}

describe("givers on random machines", () => {
  it(`hold ${Object.keys(claims).length} invariants at every look of ${runs(300)} runs (SEED=${seed})`, async () => {
    const property = fc.asyncProperty(cases, (played) =>
      play(played, played.plan, (moment) => {
        holdAll(claims, moment, played.plan);
        return true;
      }),
    );
    await fc.assert(property, { seed, numRuns: runs(300), includeErrorInReport: true });
  });

  it(`that all hang delay the first signal by their deadline at most, in ${runs(150)} runs (SEED=${seed})`, async () => {
    const property = fc.asyncProperty(cases, async (drawn) => {
      const scripts = drawn.scripts.map((script) => ({ ...script, behaves: "hangs" as const }));
      // Who sleeps through a deadline signals when it wakes.
      const scenario = { ...drawn.scenario, suspends: [] };
      const played = { ...drawn, scenario, scripts };
      const { notify } = drawn.plan;
      const { at: without } = await firstSignal(played, { ...drawn.plan, notify: { ...notify, givers: [] } });
      if (without === undefined) return;
      const { at: withThem, hasPassed, seenUntil } = await firstSignal(played, drawn.plan, without);
      const latest = add(add(without, notify.deadline), tolerance);
      if (withThem === undefined && seenUntil < latest) return;
      // A steep fall that ends while they are waited for was no shortage after all, and the next one is another.
      if (hasPassed) return;
      assert.ok(withThem !== undefined, `nobody was signalled, at ${without} ms without givers`);
      assert.ok(withThem <= latest, `${withThem} ms, without ${without} ms`);
    });
    await fc.assert(property, { seed, numRuns: runs(150), includeErrorInReport: true });
  });

  it("end alarms and fall short, hang and are waited for in such runs, so that the invariants mean something", async () => {
    const seen = new Set<string>();
    for (const played of fc.sample(cases, { seed: 1, numRuns: 150 })) {
      await play(played, played.plan, ({ verdict }) => {
        for (const way of verdict.findings.flatMap(waysOf)) seen.add(way);
        return true;
      });
    }
    for (const way of ["enough", "not-enough", "cut-short", "ended", "timed-out", "givers-asked"]) {
      assert.ok(seen.has(way), way);
    }
  });
});
