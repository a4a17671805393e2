import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { knownValue } from "#domain/snapshot.ts";
import { add, gib, type Milliseconds, mib, milliseconds, seconds } from "#domain/units.ts";
import { aMachine, type MachineBuilder } from "#test/support/a-machine.ts";
import { eventsOf, passTime } from "#test/support/story.ts";

/** Everything a scenario that hurts leads to, seen at every so many milliseconds. */
async function live(machine: MachineBuilder, every: Milliseconds) {
  const booted = machine.boot();
  const seen: unknown[] = [];
  while (booted.now() < seconds(30)) {
    await passTime(booted, every);
    seen.push(booted.meminfo(), booted.sense({ needs: ["pressure", "vmstat"], isPressing: true }));
  }
  return { events: booted.events, seen };
}

const thrashing = aMachine()
  .withSwap(gib(1))
  .withProcess("worker", { anon: mib(500), touchesPerSecond: mib(400) })
  .withProcess("hog", { memory: [{ kind: "leak", perSecond: mib(300) }] });

describe("time on the simulated machine", () => {
  it("brings the same to equal scenarios", async () => {
    assert.deepEqual(await live(thrashing, milliseconds(100)), await live(thrashing, milliseconds(100)));
  });

  it("brings something a little different to another seed", async () => {
    const deaths = async (seed: number) => {
      const { events } = await live(thrashing.withSeed(seed), milliseconds(100));
      return events.filter(({ kind }) => kind === "exited").map(({ at }) => at);
    };
    assert.notDeepEqual(await deaths(1), await deaths(2));
  });

  it("brings about the same however often somebody looks", async () => {
    const killedAt = async (every: Milliseconds) => {
      const { events } = await live(thrashing, every);
      const kill = events.find(({ kind }) => kind === "kernel-oom-kill");
      assert.ok(kill);
      return kill.at;
    };
    const [seldom, often] = [await killedAt(seconds(2)), await killedAt(milliseconds(10))];
    assert.ok(Math.abs(seldom - often) / seldom < 0.05, `${seldom} and ${often} ms`);
  });

  it("passes by looking and acting too, so that a loop without waiting comes to an end", () => {
    const machine = aMachine().boot();
    const before = machine.now();
    machine.sense({ needs: [], isPressing: true });
    assert.ok(machine.now() > before);
  });

  it("jumps over hours in which nothing happens", async () => {
    const machine = aMachine().boot();
    assert.equal(await machine.wait(seconds(36_000)), "due");
    assert.equal(machine.now(), 36_000_000);
  });

  it("is cut short by pressure: 150 ms of stall within 2 s, once per window", async () => {
    const machine = thrashing.boot();
    const fired: number[] = [];
    while (machine.now() < seconds(20)) {
      if ((await machine.wait(seconds(20))) === "pressure") fired.push(machine.now());
      machine.sense({ needs: [], isPressing: true });
    }
    assert.ok(fired.length >= 2, `fired ${fired.length} times`);
    for (const [index, at] of fired.slice(1).entries()) assert.ok(at - (fired[index] ?? 0) >= 2000);
  });

  it("is not cut short by pressure where there are no triggers, or no PSI at all", async () => {
    for (const lack of ["pressure", "pressure-triggers"] as const) {
      const machine = thrashing.lacking(lack).boot();
      assert.equal(await machine.wait(seconds(20)), "due");
      const isKnown = machine.sense({ needs: ["pressure"], isPressing: true }).pressure?.kind === "known";
      assert.equal(isKnown, lack !== "pressure");
    }
  });

  it("lets averages rise and fall as the kernel's filter does", async () => {
    const machine = thrashing.boot();
    const average = () => {
      const pressure = knownValue(machine.sense({ needs: ["pressure"], isPressing: true }).pressure);
      assert.ok(pressure);
      return pressure.some.average10;
    };
    await passTime(machine, seconds(10));
    const calm = average();
    while (eventsOf(machine, "kernel-oom-kill").length === 0) await passTime(machine, milliseconds(100));
    const high = average();
    await passTime(machine, seconds(30));
    assert.ok(calm < high && high > 10 && average() < high / 10, `${calm} ${high} ${average()}`);
  });

  it("starts processes when they are due, and not before", async () => {
    const machine = aMachine()
      .withProcess("late", { startsAt: seconds(5), anon: mib(100) })
      .withProcess("child", { startsAt: seconds(9), parent: "brief" }).boot;
    assert.throws(machine, RangeError, "nobody is called brief");
    const orphaned = aMachine()
      .withProcess("brief", { endsAt: seconds(1) })
      .withProcess("late", { startsAt: seconds(5), anon: mib(100) })
      .withProcess("child", { startsAt: seconds(9), parent: "brief" })
      .boot();
    await orphaned.wait(add(orphaned.now(), milliseconds(4999)));
    assert.equal(orphaned.find("late"), undefined);
    await passTime(orphaned, seconds(10));
    assert.equal(eventsOf(orphaned, "started").find(({ comm }) => comm === "late")?.at, 5000);
    assert.equal(orphaned.find("child"), undefined);
  });
});
