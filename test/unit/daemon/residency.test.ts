import assert from "node:assert/strict";
import { test } from "node:test";
import { keptJournal } from "#daemon/kept-journal.ts";
import { beginLoop, type LoopState, type Turn, turn } from "#daemon/loop.ts";
import { becomeResident } from "#daemon/residency.ts";
import { SystemError } from "#domain/system-error.ts";
import { atLeast, gib, least, type Milliseconds, mib, milliseconds, seconds, subtract } from "#domain/units.ts";
import type { Entry } from "#journal/entry.ts";
import type { Sacrifice } from "#linux/sacrifice.ts";
import type { Machine } from "#machine/machine.ts";
import type { SimulatedMachine } from "#simulated/simulated-machine.ts";
import { aMachine } from "#test/support/a-machine.ts";
import { aPlan } from "#test/support/a-plan.ts";
import { silentJournal } from "#test/support/silent-journal.ts";
import { simulatedSacrifice } from "#test/support/simulated-sacrifice.ts";

/** How a life differs from the usual one. */
interface Change {
  readonly machine?: SimulatedMachine;
  readonly seen?: (machine: SimulatedMachine) => Machine;
  readonly makeSacrifice?: (machine: SimulatedMachine) => Sacrifice;
  readonly memoryFails?: boolean;
  readonly locks?: boolean;
}

/** A daemon's first minutes on a simulated machine, and what became of it. */
function aLife({ machine = aMachine().boot(), seen = (same) => same, locks = true, ...change }: Change = {}) {
  const entries: Entry[] = [];
  const steps: string[] = [];
  const children: Milliseconds[] = [];
  const plan = aPlan();
  const now = (): Milliseconds => machine.now();
  const journal = keptJournal({ keep: (entry) => entries.push(entry), now, wallTime: now });
  const { makeSacrifice = simulatedSacrifice } = change;
  const residency = becomeResident({
    machine: seen(machine),
    journal,
    plan: () => plan,
    locks,
    makeSacrifice() {
      children.push(now());
      steps.push("child");
      return makeSacrifice(machine);
    },
    readMemory() {
      if (change.memoryFails) throw new SystemError({ call: "open", errno: "EACCES", subject: "smaps", advice: "" });
      return {
        giveBack() {
          steps.push("give-back");
          return mib(10);
        },
        lock() {
          steps.push("lock");
          return undefined;
        },
        measure: () => ({ resident: mib(20), locked: mib(9) }),
        [Symbol.dispose]: () => void steps.push("unlock"),
      };
    },
  });
  const parts = { machine, journal: silentJournal(now), plan: () => plan };
  let state: LoopState = beginLoop(parts);
  return {
    machine,
    steps,
    children,
    residency,
    look: (): Turn => turn(parts, state),
    told: (event: string) => entries.filter((entry) => entry.event === event),
    async live(until: Milliseconds): Promise<void> {
      while (now() < until) {
        const done = turn(parts, state);
        state = done;
        residency.attend(done);
        await machine.wait(least(done.next.at, residency.wantsAt ?? done.next.at));
      }
    },
  };
}

const fieldsOf = (entry: Entry | undefined): Readonly<Record<string, unknown>> => ({ ...entry?.fields });
const consequences = (entries: readonly Entry[]): readonly string[] =>
  entries.map((entry) => String(fieldsOf(entry)["consequence"]));

const alternately = [...Array.from({ length: 6 }, () => "child"), "give-back", "child", "child", "give-back"];

test("kills are rehearsed, the start given back, what a kill touches comes back, and that is locked", async () => {
  const life = aLife();
  await life.live(seconds(20));
  assert.deepEqual(life.steps, [...alternately, "child", "child", "lock"]);
  const [settled, ...more] = life.told("daemon.settled");
  assert.deepEqual(
    [fieldsOf(settled)["rehearsals"], fieldsOf(settled)["given_back_kib"], more.length],
    [10, mib(20), 0],
  );
  assert.equal(life.residency.wantsAt, undefined);
  assert.equal(life.machine.find("sacrifice"), undefined);
});

test("who locks nothing gives nothing back, and proves that it can kill all the same", async () => {
  const life = aLife({ locks: false });
  await life.live(seconds(20));
  assert.deepEqual(life.steps, ["child"]);
  assert.deepEqual(life.told("daemon.settled"), []);
});

test("nothing is rehearsed while headroom is near high or below it", async () => {
  for (const left of [mib(1300), mib(1000)]) {
    const life = aLife({ machine: aMachine().underPressure(left).boot() });
    await life.live(seconds(20));
    assert.deepEqual(life.steps, []);
    assert.equal(life.residency.wantsAt, undefined);
  }
});

test("where there is little above high, code is run that never ran, and nothing that takes long is done", async () => {
  const life = aLife({ machine: aMachine().underPressure(mib(1500)).boot() });
  await life.live(seconds(60));
  assert.deepEqual(life.steps, ["child", "child", "child", "child", "child", "child"]);
  assert.deepEqual(life.told("daemon.settled"), []);
});

test("a rehearsal that is under way when memory gets short is given up, and its child with it", async () => {
  const machine = aMachine()
    .withProcess("hog", {
      memory: [
        { kind: "steady", for: seconds(5) },
        { kind: "ramp", by: gib(3), perSecond: gib(2) },
      ],
    })
    .boot();
  const deaf = (real: SimulatedMachine): Machine => ({
    ...real,
    act: (decision) =>
      decision.kind === "signal" ? { kind: "signalled", at: real.now(), sharers: [] } : real.act(decision),
  });
  const life = aLife({ machine, seen: deaf });
  await life.live(seconds(4));
  assert.notEqual(machine.find("sacrifice"), undefined);
  await life.live(seconds(8));
  assert.equal(machine.find("sacrifice"), undefined);
  assert.deepEqual(life.steps, ["child"]);
});

test("a child that never dies is tried three times, further and further apart, told once, and memory is locked as it is", async () => {
  const deaf = (machine: SimulatedMachine): Machine => ({
    ...machine,
    act: (decision) =>
      decision.kind === "signal" ? { kind: "signalled", at: machine.now(), sharers: [] } : machine.act(decision),
  });
  const life = aLife({ seen: deaf });
  await life.live(seconds(600));
  assert.deepEqual(life.steps, ["child", "child", "child", "lock"]);
  const [first = seconds(0), second = seconds(0), third = seconds(0)] = life.children;
  assert.ok(atLeast(subtract(third, second), seconds(150)) && atLeast(subtract(second, first), seconds(60)));
  const told = consequences(life.told("capability.missing"));
  assert.equal(told.length, 1);
  assert.match(told.join(), /3 rehearsals .* came to no end: the signal was accepted/);
});

test("a refusal is told once, with its cause; nothing is given back then, and memory is locked", async () => {
  const failure = { call: "pidfd_send_signal", errno: "EPERM", subject: "pid 7", advice: "grant CAP_KILL" };
  const refusing = (machine: SimulatedMachine): Machine => ({
    ...machine,
    act: (decision) =>
      decision.kind === "signal" ? { kind: "refused", why: "failed", failure } : machine.act(decision),
  });
  const life = aLife({ seen: refusing });
  await life.live(seconds(60));
  assert.deepEqual(life.steps, ["child", "lock"]);
  const told = consequences(life.told("capability.missing"));
  assert.equal(told.length, 1);
  assert.match(told.join(), /was refused: Cannot pidfd_send_signal pid 7: EPERM/);
});

test("a machine that has no room for a child is no reason to end", async () => {
  const life = aLife({
    makeSacrifice() {
      throw new SystemError({ call: "posix_spawn", errno: "EAGAIN", subject: "/bin/sh", advice: "raise TasksMax" });
    },
  });
  await life.live(seconds(20));
  assert.match(consequences(life.told("capability.missing")).join(), /posix_spawn \/bin\/sh: EAGAIN/);
  assert.deepEqual(life.steps, ["child", "lock"]);
});

test("memory that cannot be read is told once, and nothing is locked", async () => {
  const life = aLife({ memoryFails: true });
  await life.live(seconds(20));
  assert.equal(life.told("protection.degraded").length, 1);
  assert.equal(life.residency.wantsAt, undefined);
  assert.deepEqual([life.told("daemon.settled").length, life.steps.includes("lock")], [0, false]);
});

test("where a look takes long, its rehearsals leave three times as long to looks of real life, and warming up is cut short", async () => {
  const machine = aMachine()
    .withKiller({ lookTakes: seconds(1) })
    .boot();
  let spent = 0;
  const life = aLife({
    machine,
    seen: (real) => ({
      ...real,
      sense(look) {
        const began = real.now();
        const snapshot = real.sense(look);
        spent += real.now() - began;
        return snapshot;
      },
    }),
  });
  await life.live(seconds(55));
  assert.ok(spent > 3000 && spent <= 55_000 / 4 + 1000, `${spent} ms of 55 s`);
  assert.equal(life.told("capability.missing").length, 0);
  assert.deepEqual(life.steps.slice(0, 2), ["child", "give-back"]);
});

test("nothing is begun by what was seen before a wait ended: what ended it is looked at first", () => {
  const life = aLife();
  life.residency.attend({ ...life.look(), isCurrent: false });
  assert.deepEqual(life.steps, []);
  life.residency.attend(life.look());
  assert.deepEqual(life.steps, ["child"]);
});

test("a residency that is given up leaves no child behind", async () => {
  const life = aLife();
  // So soon that the first rehearsal is under way.
  await life.live(milliseconds(1));
  assert.notEqual(life.machine.find("sacrifice"), undefined);
  life.residency[Symbol.dispose]();
  await life.machine.wait(seconds(5));
  assert.equal(life.machine.find("sacrifice"), undefined);
});
