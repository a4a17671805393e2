import assert from "node:assert/strict";
import { test } from "node:test";
import { beginRehearsal, type RehearsalEnding, rehearseKill } from "#daemon/rehearsal.ts";
import type { Decision } from "#domain/decision.ts";
import { known, knownValue } from "#domain/snapshot.ts";
import { digest } from "#domain/table-digest.ts";
import { atLeast, gib, initPid, kib, mib, oomScoreAdjMin, seconds, startTicks } from "#domain/units.ts";
import { measureOf } from "#engine/measure.ts";
import { boundScope } from "#engine/oom-scope.ts";
import type { Look, Machine } from "#machine/machine.ts";
import type { SimulatedMachine } from "#simulated/simulated-machine.ts";
import { aMachine } from "#test/support/a-machine.ts";
import { watching } from "#test/support/a-memcg.ts";
import { aPlan } from "#test/support/a-plan.ts";
import { simulatedSacrifice } from "#test/support/simulated-sacrifice.ts";

const withHog = (): SimulatedMachine =>
  aMachine()
    .withProcess("hog", { anon: gib(1) })
    .boot();
const meansOn = (machine: SimulatedMachine, seen: Machine = machine) => ({
  machine: seen,
  plan: aPlan(),
  makeSacrifice: () => simulatedSacrifice(machine),
});

/** The machine as it is, but for what becomes of signals. */
const answering = (machine: SimulatedMachine, act: Machine["act"]): Machine => ({
  ...machine,
  act: (decision) => (decision.kind === "signal" ? act(decision) : machine.act(decision)),
});

test("the child dies by a rehearsal, and nobody else does who holds a thousand times as much", async () => {
  const machine = withHog();
  const ending = await rehearseKill(meansOn(machine));
  assert.equal(ending.kind, "killed");
  assert.equal(machine.find("sacrifice"), undefined);
  assert.notEqual(machine.find("hog"), undefined);
  assert.deepEqual(machine.sense({ needs: [], isPressing: false }).victims, []);
});

test("everybody is judged and ranked in a rehearsal, and nobody is to die with the child, whatever the unit of kills", async () => {
  const machine = aMachine()
    .withProcess("hog", { anon: gib(1) })
    .withProcess("sacrifice", { anon: mib(1) })
    .withProcess("sacrifice", { anon: mib(2) })
    .boot();
  const asked: Decision[] = [];
  const ending = await rehearseKill({
    ...meansOn(
      machine,
      answering(machine, (decision) => {
        asked.push(decision);
        return machine.act(decision);
      }),
    ),
    plan: aPlan({ kill: { ...aPlan().kill, unit: "family" } }),
  });
  assert.equal(ending.kind, "killed");
  assert.ok(asked.length === 1 && asked[0]?.kind === "signal");
  const [{ ranking, group, sharers, eligible }] = [asked[0]];
  assert.deepEqual([ranking.length > 3, eligible > 3, group, sharers.suspects], [true, true, undefined, []]);
  assert.ok(sharers.protectedSuspects.length > 0);
});

test("a machine is asked to rank by the plan in force, and the child is chosen by what it keeps of its table", async () => {
  const machine = withHog();
  const plan = aPlan();
  const wanted = new Set<unknown>();
  let judged = 0;
  const keeping: Machine = {
    ...machine,
    sense(look) {
      const snapshot = machine.sense(look);
      const table = knownValue(snapshot.processes);
      if (look.keepsTable === true) wanted.add(look.measure);
      if (table === undefined || look.measure === undefined) return snapshot;
      const [first] = table.processes;
      digest(table.processes, {
        measure: look.measure,
        total: boundScope({ kind: "global" }, machine.meminfo(), plan.pageSize).total,
        since: look.since ?? table.processes,
        changes: [],
        heads: first === undefined ? [] : [first],
        firstOther: { size: kib(0), identity: { pid: initPid, startTicks: startTicks(0) } },
        others: 100,
      });
      return snapshot;
    },
    act(decision) {
      if (decision.kind === "signal") judged = decision.eligible;
      return machine.act(decision);
    },
  };
  const ending = await rehearseKill({ ...meansOn(machine, keeping), plan });
  assert.equal(ending.kind, "killed");
  assert.deepEqual([...wanted], [measureOf(plan)]);
  assert.ok(judged > 100, `${judged}`);
});

test("a child that was not read yet among thousands is looked for on, and refused to nobody", async () => {
  const machine = withHog();
  let tables = 0;
  const slow: Machine = {
    ...machine,
    sense(look) {
      const snapshot = machine.sense(look);
      const table = knownValue(snapshot.processes);
      if (table === undefined || ++tables > 3) return snapshot;
      return {
        ...snapshot,
        processes: known({ ...table, processes: table.processes.filter(({ comm }) => comm !== "sacrifice") }),
      };
    },
  };
  const ending = await rehearseKill(meansOn(machine, slow));
  assert.deepEqual([ending.kind, tables > 3], ["killed", true]);
});

test("what a kill in a watched memcg would read is read in a rehearsal, and nobody is decided about by it", async () => {
  const machine = withHog();
  const looks: Look[] = [];
  const seen: Machine = {
    ...machine,
    sense(look) {
      looks.push(look);
      return machine.sense(look);
    },
  };
  const memcgs = watching("/app");
  const ending = await rehearseKill({ ...meansOn(machine, seen), plan: aPlan({ memcgs }) });
  assert.equal(ending.kind, "killed");
  assert.ok(looks.some(({ needs, watch }) => needs.includes("membership") && watch?.[0] === "/app"));
});

test("a rehearsal takes one look of the machine at a time, so that looks of real life go between", () => {
  const machine = withHog();
  let looks = 0;
  const counted: Machine = {
    ...machine,
    sense(look) {
      looks += 1;
      return machine.sense(look);
    },
  };
  using rehearsal = beginRehearsal(meansOn(machine, counted));
  assert.equal(looks, 0);
  for (const look of [1, 2]) {
    assert.equal(rehearsal.look(), undefined);
    assert.equal(looks, look);
  }
});

test("a child that nobody may choose makes the rehearsal a refusal, at once", async () => {
  const machine = withHog();
  const exempt = () => simulatedSacrifice(machine, oomScoreAdjMin);
  const ending = await rehearseKill({ ...meansOn(machine), makeSacrifice: exempt });
  assert.ok(ending.kind === "refused");
  assert.match(ending.why, /not eligible.*oom_score_adj/);
});

test("a signal that is refused is told with what refused it", async () => {
  const machine = withHog();
  const failure = { call: "pidfd_send_signal", errno: "EPERM", subject: "pid 7", advice: "grant CAP_KILL" };
  const ending = await rehearseKill(
    meansOn(
      machine,
      answering(machine, () => ({ kind: "refused", why: "failed", failure })),
    ),
  );
  assert.deepEqual(ending, { kind: "refused", why: "Cannot pidfd_send_signal pid 7: EPERM; grant CAP_KILL" });
});

test("a child that takes a signal and lives on proves nothing about rights, and is looked at ever more seldom", async () => {
  const machine = withHog();
  let looks = 0;
  const deaf = answering(machine, () => ({ kind: "signalled", at: machine.now(), sharers: [] }));
  const startedAt = machine.now();
  const ending: RehearsalEnding = await rehearseKill(
    meansOn(machine, {
      ...deaf,
      sense(look) {
        looks += 1;
        return machine.sense(look);
      },
    }),
  );
  assert.deepEqual(ending, {
    kind: "inconclusive",
    why: "the signal was accepted, and the child had not died yet",
  });
  assert.ok(atLeast(machine.now(), seconds(30)) && startedAt < machine.now());
  assert.ok(looks < 120, `${looks} looks in 30 s`);
});

test("a child that somebody else has ended before it was chosen proves nothing", () => {
  const machine = aMachine()
    .withProcess("other", { anon: mib(1) })
    .boot();
  const child = simulatedSacrifice(machine);
  using rehearsal = beginRehearsal({ machine, plan: aPlan(), makeSacrifice: () => child });
  child.end();
  while (!child.hasEnded()) machine.sense({ needs: [], isPressing: false });
  assert.equal(rehearsal.look(), undefined);
  assert.deepEqual(rehearsal.look(), { kind: "inconclusive", why: "the child ended by itself" });
});

test("nobody is chosen before the child has memory of its own: until then it uses that of the daemon, which has to live", () => {
  const machine = withHog();
  let asked = 0;
  const child = { ...simulatedSacrifice(machine), hasOwnMemory: () => ++asked > 5 };
  const acts: number[] = [];
  const watched: Machine = {
    ...machine,
    act(decision) {
      acts.push(asked);
      return machine.act(decision);
    },
  };
  using rehearsal = beginRehearsal({ machine: watched, plan: aPlan(), makeSacrifice: () => child });
  for (let looks = 0; looks < 20 && acts.length === 0; looks += 1) assert.equal(rehearsal.look(), undefined);
  assert.ok(Number(acts[0]) > 5, `acted after asking ${acts[0]} times`);
});

test("a rehearsal that is given up leaves neither child nor victim", async () => {
  const machine = withHog();
  const rehearsal = beginRehearsal(
    meansOn(
      machine,
      answering(machine, () => ({ kind: "signalled", at: machine.now(), sharers: [] })),
    ),
  );
  for (const _ of [1, 2, 3]) rehearsal.look();
  assert.equal(rehearsal.isBuried(), false);
  rehearsal[Symbol.dispose]();
  await machine.wait(seconds(40));
  assert.equal(rehearsal.isBuried(), true);
  assert.deepEqual(machine.sense({ needs: [], isPressing: false }).victims, []);
});
