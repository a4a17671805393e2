import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { add, type Milliseconds, milliseconds, seconds } from "#domain/units.ts";
import type { Fault, FaultSpell } from "#machine/fault.ts";
import type { Machine } from "#machine/machine.ts";
import { withFaults } from "#machine/with-faults.ts";
import { toEscalate, toKill, toSignal } from "#test/support/decisions.ts";
import { linuxWorld } from "#test/support/linux-world.ts";
import { simulatedWorld } from "#test/support/simulated-world.ts";
import { reportOn, until, type World, watchedBy } from "#test/support/world.ts";
import { describeMachine } from "./describe-machine.ts";

const always = (fault: Fault): FaultSpell => ({ fault, from: milliseconds(0), until: seconds(1e9) });

/** A world whose machine has had its faults. */
function mendedWorld(): World {
  const world = simulatedWorld();
  const spells = (["unkillable", "endless-reap"] as const).map(
    (kind): FaultSpell => ({
      fault: { kind },
      from: milliseconds(0),
      until: world.machine.now(),
    }),
  );
  return watchedBy(withFaults(world.machine, spells), world);
}

describeMachine("a machine whose faults are over", { make: mendedWorld, skip: [] });

interface Struck {
  readonly world: World;
  /** The machine of the world, from now until then below this fault. */
  readonly strike: (fault: Fault, lasting?: Milliseconds) => Machine;
}

/** What faults do to a machine, and what they must not do. */
const claims: Readonly<Record<string, (struck: Struck) => Promise<void>>> = {
  "a fact that cannot be read is unavailable with what refused it, and the others are known": ({ strike }) => {
    const machine = strike({ kind: "unreadable", facts: ["meminfo", "processes"], errno: "EMFILE" });
    const { meminfo, overcommit, processes, vmstat } = machine.sense({
      needs: ["meminfo", "overcommit", "processes"],
      isPressing: true,
    });
    assert.equal(meminfo?.kind === "unavailable" && meminfo.failure.errno, "EMFILE");
    assert.deepEqual([processes?.kind, overcommit?.kind, vmstat], ["unavailable", "known", undefined]);
    return Promise.resolve();
  },

  "a table that is cut short says so, and has nobody in it who is not there": async ({ world, strike }) => {
    await world.start();
    const look = { needs: ["processes"], isPressing: true } as const;
    const [whole, cut] = [world.machine.sense(look), strike({ kind: "short-table", errno: "ENOMEM" }).sense(look)];
    assert.ok(whole.processes?.kind === "known" && cut.processes?.kind === "known");
    const [{ value: all }, { value: seen }] = [whole.processes, cut.processes];
    assert.equal(seen.isComplete, false);
    assert.ok(seen.processes.length < all.processes.length);
    assert.ok(seen.processes.some(({ identity }) => identity.pid === all.self));
    const pids = new Set(all.processes.map(({ identity }) => identity.pid));
    assert.ok(seen.processes.every(({ identity }) => pids.has(identity.pid)));
  },

  "who vanishes, or may not be signalled, is refused, reported so until it is released, and lives": async (struck) => {
    const { hog } = await struck.world.start();
    for (const [fault, why] of [
      [{ kind: "vanished", why: "gone" }, "gone"],
      [{ kind: "vanished", why: "identity-changed" }, "identity-changed"],
      [{ kind: "refused", call: "pidfd_open", errno: "ENOMEM" }, "failed"],
    ] as const) {
      const machine = struck.strike(fault);
      const outcome = machine.act(toKill(hog));
      assert.equal(outcome.kind === "refused" && outcome.why, why);
      const report = reportOn(machine, hog);
      assert.equal(report?.kind === "refused" && report.why, why);
      machine.act({ kind: "release", victim: hog });
      assert.equal(reportOn(machine, hog), undefined);
    }
    await struck.world.machine.wait(add(struck.world.machine.now(), milliseconds(100)));
    assert.equal(struck.world.isAlive(hog), true);
  },

  "who sleeps in the kernel outlives SIGTERM and SIGKILL, and has them when it wakes": async ({ world, strike }) => {
    const { hog } = await world.start();
    const machine = strike({ kind: "unkillable" }, milliseconds(400));
    assert.equal(machine.act(toSignal(hog)).kind, "signalled");
    assert.equal(machine.act(toEscalate(hog)).kind, "signalled");
    await machine.wait(add(machine.now(), milliseconds(100)));
    assert.equal(world.isAlive(hog), true);
    assert.equal(reportOn(machine, hog)?.kind, "alive");
    await until(machine, "it has woken, and is gone", () => !world.isAlive(hog));
    await until(machine, "its exit is reported", () => reportOn(machine, hog)?.kind === "exited");
  },

  "who is given up in its sleep dies of what is pending, and is reported no more": async ({ world, strike }) => {
    const { hog } = await world.start();
    const machine = strike({ kind: "unkillable" }, milliseconds(200));
    machine.act(toKill(hog));
    machine.act({ kind: "release", victim: hog });
    assert.equal(reportOn(machine, hog), undefined);
    await until(machine, "it has woken, and is gone", () => !world.isAlive(hog));
    assert.equal(reportOn(machine, hog), undefined);
  },

  "a reaping that fails or never ends keeps no victim from its exit": async ({ world, strike }) => {
    for (const [fault, how] of [
      [{ kind: "unreapable", errno: "EAGAIN" }, "stuck"],
      [{ kind: "endless-reap" }, "under-way"],
    ] as const) {
      const { hog } = await world.start();
      const machine = strike(fault);
      assert.equal(machine.act(toKill(hog)).kind, "signalled");
      assert.equal(machine.act({ kind: "reap", victim: hog }).kind, "begun");
      await until(machine, "its exit is reported", () => reportOn(machine, hog)?.kind === "exited");
      const report = reportOn(machine, hog);
      assert.equal(report?.kind === "exited" && report.reap.kind, how);
    }
  },

  "a machine that hears nothing waits its whole time and longer, and is called all the same": async (struck) => {
    const { hog } = await struck.world.start();
    const machine = struck.strike({ kind: "late", by: milliseconds(50) });
    machine.act(toKill(hog));
    const before = machine.now();
    assert.equal(await machine.wait(add(before, milliseconds(200))), "due");
    assert.ok(machine.now() >= add(before, milliseconds(250)));
    machine.wake();
    assert.equal(await machine.wait(add(machine.now(), seconds(60))), "called");
    assert.equal(reportOn(machine, hog)?.kind, "exited");
  },

  "givers that cannot be started are lacking, each with what refused it": async ({ world, strike }) => {
    const { giver } = await world.prepareGiver("gives");
    const machine = strike({ kind: "no-processes", errno: "EAGAIN" });
    const outcome = machine.act({ kind: "enlist", givers: [giver] });
    assert.ok(outcome.kind === "enlisted");
    assert.deepEqual(
      outcome.lacking.map(({ failure }) => failure.errno),
      ["EAGAIN"],
    );
  },
};

for (const [name, make] of [
  ["simulated", simulatedWorld],
  ["linux, live", linuxWorld],
] as const) {
  describe(`${name}, with faults below it`, () => {
    for (const [claim, prove] of Object.entries(claims)) {
      it(claim, async () => {
        await using world = make();
        const { machine } = world;
        const strike = (fault: Fault, lasting?: Milliseconds): Machine =>
          withFaults(machine, [
            lasting === undefined
              ? always(fault)
              : { fault, from: milliseconds(0), until: add(machine.now(), lasting) },
          ]);
        await prove({ world, strike });
      });
    }
  });
}
