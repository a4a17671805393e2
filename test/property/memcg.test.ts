import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { Decision } from "#domain/decision.ts";
import { identityKey } from "#domain/identity.ts";
import { knownValue } from "#domain/snapshot.ts";
import { type CgroupPath, cgroupPath, kib, oomScoreAdjMin, percent, percentOf } from "#domain/units.ts";
import type { Verdict } from "#engine/decide.ts";
import type { EngineState } from "#engine/engine-state.ts";
import { callsForVictim } from "#engine/evidence.ts";
import type { Plan } from "#engine/plan.ts";
import { allScopes, concerns, type InFlight, type ScopeName } from "#engine/scope-state.ts";
import { rankers } from "#policies/rankers.ts";
import type { Scenario } from "#simulated/scenario.ts";
import { simulatedMachine } from "#simulated/simulated-machine.ts";
import { aPlan, marksAround } from "#test/support/a-plan.ts";
import { holdAll, liveThrough, type Moment } from "#test/support/random-life.ts";
import { scenarios } from "#test/support/random-scenario.ts";
import { runs, seed } from "#test/support/seed.ts";

/** Two memcgs, one within the first of them, and those who are in none of them. */
const homes = ["/app", "/app/job", "/db", "/user.slice"].map(cgroupPath);
const job = cgroupPath("/app/job");
const watched = ["/app*", "/app/*", "/db"];

interface Case {
  readonly scenario: Scenario;
  readonly plan: Plan;
}

const cases: fc.Arbitrary<Case> = fc
  .record({
    scenario: scenarios(),
    limits: fc.tuple(...homes.slice(0, 3).map(() => fc.integer({ min: 3, max: 60 }))),
    where: fc.array(fc.constantFrom(...homes), { minLength: 30, maxLength: 30 }),
    low: fc.integer({ min: 2, max: 30 }),
    budget: fc.constantFrom(1, 3, 10),
    byBranch: fc.option(
      fc.record({
        ranker: fc.constantFrom(...Object.values(rankers)),
        recursive: fc.boolean(),
        unit: fc.constantFrom("memcg", "process"),
      }),
      { nil: undefined },
    ),
    preference: fc.constantFrom("none", "prefer", "avoid", "omit"),
  })
  .map(({ scenario, limits, where, low, budget, byBranch, preference }) => {
    const marksOf = (of: number) => marksAround(percentOf(percent(low), kib(of)));
    const basis = aPlan({ headroom: marksOf(scenario.ram / 4), kill: { ...aPlan().kill, budget } });
    const ofMemcgs = { detectors: basis.detectors.filter(({ name }) => name !== "thrash" && name !== "kernel-zone") };
    const alarms = basis.alarms.filter(({ kind }) => kind !== "thrashing");
    return {
      plan: {
        ...basis,
        memcgs: watched.map((path) => ({
          path,
          ...(byBranch && { byBranch }),
          within: ({ limit }) =>
            limit === undefined ? "unlimited" : { ...ofMemcgs, alarms, headroom: marksOf(limit) },
        })),
      },
      scenario: {
        ...scenario,
        cgroups: limits.map((share, index) => ({
          path: homes[index] ?? cgroupPath("/"),
          max: percentOf(percent(share), scenario.ram),
          ...(homes[index] === job && { preference }),
        })),
        processes: scenario.processes.map((script, index) => ({
          ...script,
          cgroup: where[index % where.length] ?? cgroupPath("/"),
        })),
      },
    };
  });

/** Plays a scenario. */
const play = ({ scenario, plan }: Case, visit: (moment: Moment) => unknown): Promise<void> =>
  liveThrough({ machine: simulatedMachine(scenario), plan, duration: scenario.duration, mostLooks: 3000 }, visit);

type Opening = Extract<Decision, { kind: "signal" | "adopt" }>;

const openings = ({ decisions }: Verdict): readonly Opening[] =>
  decisions.filter((decision) => decision.kind === "signal" || decision.kind === "adopt");

const flights = (state: EngineState): readonly (readonly [ScopeName, InFlight])[] =>
  [
    [state.scope, state.inFlight] as const,
    ...[...state.elsewhere].map(([name, each]) => [name, each.inFlight] as const),
  ].flatMap(([name, flight]) => (flight === undefined ? [] : [[name, flight] as const]));

const isWithin = (path: CgroupPath | undefined, above: CgroupPath): boolean =>
  path !== undefined && (path === above || path.startsWith(`${above}/`));

/** What holds at every look of every run. */
const claims: Readonly<Record<string, (moment: Moment, played: Case) => void>> = {
  "chooses nobody outside of the memcg that is short of memory": ({ snapshot, verdict }) => {
    for (const { alarm, victim } of openings(verdict)) {
      if (alarm.memcg === undefined) continue;
      const process = knownValue(snapshot.processes)?.processes.find(
        ({ identity }) => identity.pid === victim.identity.pid,
      );
      assert.ok(isWithin(process?.traits.cgroup, alarm.memcg), `${process?.traits.cgroup} for ${alarm.memcg}`);
    }
  },
  "names only members in the ranking of a memcg": ({ verdict }) => {
    for (const opening of openings(verdict)) {
      const { memcg } = opening.alarm;
      if (opening.kind !== "signal" || memcg === undefined) continue;
      assert.ok(opening.ranking.every(({ cgroup }) => isWithin(cgroup, memcg)));
    }
  },
  "chooses no two victims at one look that concern one scope": ({ verdict }) => {
    const all = flights(verdict.state);
    for (const [scope, flight] of all) {
      const others = all.filter(([, other]) => other !== flight && concerns(other, scope));
      assert.ok(
        others.every(([name, other]) => name !== scope && !sameBegin(other, flight)),
        String(scope),
      );
    }
  },
  "begins no kill in a scope that a victim in flight belongs to": ({ before, verdict }) => {
    const inFlight = flights(before).map(([, { victim }]) => identityKey(victim.identity));
    for (const { alarm, victim } of openings(verdict)) {
      assert.ok(!inFlight.includes(identityKey(victim.identity)));
      for (const [name, flight] of flights(before)) {
        const isOver = !flights(verdict.state).some(([, other]) => other.victim === flight.victim);
        assert.ok(isOver || !concerns(flight, alarm.memcg), `${name} while ${alarm.memcg}`);
      }
    }
  },
  "chooses nobody in the cool-down unless min is crossed": ({ snapshot, before, verdict }) => {
    for (const { alarm } of openings(verdict)) {
      assert.ok(alarm.kind === "exhausted" || snapshot.takenAt >= before.coolDownUntil);
    }
  },
  "takes nobody of a cgroup that is omitted for the sake of the one around it": ({ verdict }, { plan, scenario }) => {
    const isOmitted = (scenario.cgroups ?? []).some(({ preference }) => preference === "omit");
    if (!isOmitted || plan.memcgs.every(({ byBranch }) => byBranch === undefined)) return;
    for (const opening of openings(verdict)) {
      if (opening.kind !== "signal" || opening.alarm.memcg !== homes[0]) continue;
      assert.ok(!isWithin(opening.victim.cgroup, job), opening.victim.comm);
    }
  },
  "takes nobody but members of the cgroup it chose, and all of one that has no others inside": (moment, { plan }) => {
    const { snapshot, before, verdict } = moment;
    const table = knownValue(snapshot.processes)?.processes ?? [];
    const branches = (knownValue(snapshot.branches) ?? []).flatMap((tree) => tree.branches);
    const isWhole = plan.memcgs.some(({ byBranch }) => byBranch?.unit === "memcg");
    for (const opening of openings(verdict)) {
      if (opening.kind !== "signal" || opening.branch === undefined) continue;
      const { path } = opening.branch;
      const { members } = branches.find((branch) => branch.path === path) ?? assert.fail(path);
      const dying = [opening.victim.identity, ...(opening.group?.members ?? [])];
      assert.ok(dying.every(({ pid }) => members.has(pid)));
      if (!isWhole || branches.some(({ parent }) => parent === path)) continue;
      const passedOver = new Set([...before.skipped, ...allScopes(before).flatMap(({ refused }) => [...refused])]);
      const others = table.filter(({ identity, memory, oomScoreAdj: adj }) => {
        const isSpared = memory === undefined || adj === oomScoreAdjMin || passedOver.has(identityKey(identity));
        return members.has(identity.pid) && !isSpared;
      });
      assert.equal(others.length, dying.length, path);
    }
  },
  "stays within its budget of kills": ({ verdict }, { plan }) => {
    assert.ok(verdict.state.kills.length <= plan.kill.budget);
  },
  "answers every alarm of a memcg that calls for a victim, or says why it does not": ({ verdict, snapshot }) => {
    const { state, next } = verdict;
    const looksCloser = next.at === snapshot.takenAt && next.needs.includes("membership");
    for (const { alarm, inFlight, withheldSaid } of state.elsewhere.values()) {
      if (!callsForVictim(alarm)) continue;
      const isAnswered = inFlight !== undefined || withheldSaid.size > 0 || looksCloser;
      assert.ok(isAnswered || state.concludedAt === snapshot.takenAt, alarm.memcg);
    }
  },
  "leaves no victim with the machine that it does not remember": ({ snapshot, before, verdict }) => {
    const released = verdict.decisions.flatMap((each) => (each.kind === "release" ? [identityKey(each.victim)] : []));
    const remembered = flights(verdict.state).map(([, { victim }]) => identityKey(victim.identity));
    for (const { identity } of snapshot.victims) {
      const key = identityKey(identity);
      assert.ok(released.includes(key) || remembered.includes(key), `${key}, ${flights(before).length} in flight`);
    }
  },
  "looks at the memcgs it watches at every look": ({ verdict: { next } }) => {
    assert.ok(next.needs.includes("memcgs"));
    assert.deepEqual(next.watch, watched);
  },
};

/** Chosen at the same look: then the second had to see the first. */
const sameBegin = (a: InFlight, b: InFlight): boolean => a.begunAt === b.begunAt;

/** What a verdict did, for the sake of those who ask whether it ever happens. */
function wordsFor(verdict: Verdict): readonly string[] {
  const { findings, state } = verdict;
  return [
    ...openings(verdict).map(({ alarm }) => (alarm.memcg === undefined ? "machine" : "memcg")),
    ...openings(verdict).flatMap((opening) => {
      if (opening.kind !== "signal" || opening.branch === undefined) return [];
      return [opening.group === undefined ? "branch" : "whole-branch"];
    }),
    ...findings.flatMap((finding) => (finding.kind === "kill-withheld" ? [finding.why] : [])),
    ...(flights(state).length > 1 ? ["several"] : []),
  ];
}

describe("the engine on random machines with memcgs", () => {
  it(`holds ${Object.keys(claims).length} invariants at every look of ${runs(60)} runs (SEED=${seed})`, async () => {
    const property = fc.asyncProperty(cases, (played) => play(played, (moment) => holdAll(claims, moment, played)));
    await fc.assert(property, { seed, numRuns: runs(60), includeErrorInReport: true });
  });

  it("kills in memcgs, in the machine and in both at once, so that the invariants mean something", async () => {
    const seen = new Set<string>();
    for (const played of fc.sample(cases, { seed: 1, numRuns: 60 })) {
      await play(played, ({ verdict }) => {
        for (const word of wordsFor(verdict)) seen.add(word);
      });
    }
    for (const what of ["machine", "memcg", "several", "victim-elsewhere", "branch", "whole-branch"])
      assert.ok(seen.has(what), what);
  });
});
