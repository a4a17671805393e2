import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { knownValue } from "#domain/snapshot.ts";
import { gib, kibToMiB, mib, milliseconds, seconds, subtract } from "#domain/units.ts";
import type { SimulatedMachine } from "#simulated/simulated-machine.ts";
import { aMachine } from "#test/support/a-machine.ts";
import { eventsOf, passTime } from "#test/support/story.ts";
import { findInTable } from "#test/support/world.ts";

const totals = (machine: SimulatedMachine) => {
  const pressure = knownValue(machine.sense({ needs: ["pressure"], isPressing: true }).pressure);
  assert.ok(pressure);
  return { some: pressure.some.total, full: pressure.full.total };
};

const vmstatOf = (machine: SimulatedMachine) => {
  const vmstat = knownValue(machine.sense({ needs: ["vmstat"], isPressing: true }).vmstat);
  assert.ok(vmstat);
  return vmstat;
};

/** Within a hundredth of a MiB. */
const assertMib = (actual: number, expected: number) =>
  assert.ok(Math.abs(actual - expected) < 0.5, `${actual} MiB instead of ${expected}`);

describe("memory of the simulated machine", () => {
  it("grows by a leak as fast as the leak says", async () => {
    const machine = aMachine()
      .withProcess("leak", { memory: [{ kind: "leak", perSecond: mib(10) }] })
      .boot();
    const before = machine.meminfo().anon;
    await passTime(machine, seconds(20));
    assertMib(kibToMiB(subtract(machine.meminfo().anon, before)), 200);
  });

  it("grows by a ramp up to its end and no further", async () => {
    const memory = [{ kind: "ramp", by: mib(300), perSecond: mib(100) }] as const;
    const machine = aMachine().withProcess("ramp", { memory }).boot();
    const before = machine.meminfo().anon;
    await passTime(machine, seconds(1));
    assertMib(kibToMiB(subtract(machine.meminfo().anon, before)), 100);
    await passTime(machine, seconds(30));
    assertMib(kibToMiB(subtract(machine.meminfo().anon, before)), 300);
  });

  it("is given back at once when a spike is over", async () => {
    const memory = [{ kind: "spike", by: mib(300), perSecond: mib(300), hold: seconds(2) }] as const;
    const machine = aMachine().withProcess("spike", { memory }).boot();
    const before = machine.meminfo().anon;
    await passTime(machine, seconds(2));
    assertMib(kibToMiB(subtract(machine.meminfo().anon, before)), 300);
    await passTime(machine, milliseconds(1100));
    assertMib(kibToMiB(subtract(machine.meminfo().anon, before)), 0);
  });

  it("is never more than there is, and cold cache goes before anything hurts", async () => {
    const leak = { memory: [{ kind: "leak", perSecond: mib(200) }] } as const;
    const machine = aMachine().withFileCache(gib(1)).withProcess("leak", leak).boot();
    const { total } = machine.meminfo();
    while (machine.meminfo().cached > mib(100)) {
      await passTime(machine, milliseconds(100));
      const { free, cached, anon } = machine.meminfo();
      assert.ok(free + cached + anon <= total);
    }
    assert.equal(totals(machine).some, 0);
    assert.ok(vmstatOf(machine).stolenByKswapd > 0);
    assert.equal(vmstatOf(machine).allocationStalls, 0);
  });

  it("stalls who wants it faster than it can be swapped out", async () => {
    const leak = { memory: [{ kind: "leak", perSecond: mib(500) }] } as const;
    const machine = aMachine().withSwap(gib(2), mib(50)).withProcess("leak", leak).boot();
    await passTime(machine, seconds(15));
    const before = totals(machine);
    await passTime(machine, seconds(2));
    const { some, full } = totals(machine);
    assert.ok(some - before.some > 1_600_000, `${some - before.some} us of 2 s`);
    assert.ok(full - before.full <= some - before.some);
    const { pagesSwappedOut, allocationStalls } = vmstatOf(machine);
    assert.ok(pagesSwappedOut > 0 && allocationStalls > 0);
    assert.deepEqual(eventsOf(machine, "kernel-oom-kill"), []);
  });

  it("thrashes for ever where working sets of files do not fit, and the kernel kills nobody", async () => {
    const machine = aMachine()
      .withRam(gib(1))
      .withDisk(mib(20))
      .withProcess("big", { anon: mib(600), memory: [{ kind: "ramp", by: mib(160), perSecond: mib(100) }] })
      .withProcess("one", { files: { size: mib(120), perSecond: mib(200) } })
      .withProcess("two", { files: { size: mib(100), perSecond: mib(200) } })
      .boot();
    await passTime(machine, seconds(10));
    const before = totals(machine);
    const refaultsBefore = vmstatOf(machine).fileRefaults;
    await passTime(machine, seconds(10));
    assert.ok(totals(machine).full - before.full > 5_000_000, `${totals(machine).full - before.full} us of 10 s`);
    assert.ok(vmstatOf(machine).fileRefaults - refaultsBefore > 10_000);
    assert.deepEqual(eventsOf(machine, "kernel-oom-kill"), []);
  });

  it("comes back from swap when who owns it works on it again", async () => {
    const machine = aMachine()
      .withSwap(gib(1), mib(200))
      .withProcess("worker", { anon: mib(500), touchesPerSecond: mib(400) })
      .withProcess("spike", { memory: [{ kind: "spike", by: gib(4), perSecond: gib(2), hold: seconds(1) }] })
      .boot();
    await passTime(machine, seconds(8));
    assert.ok(vmstatOf(machine).pagesSwappedOut > 0);
    await passTime(machine, seconds(60));
    const worker = machine.find("worker");
    assert.ok(worker);
    assert.equal(findInTable(machine, worker)?.memory?.swap, 0);
    assert.ok(vmstatOf(machine).pagesSwappedIn > 0);
  });

  it("does not begin with more than it has", () => {
    assert.throws(
      () =>
        aMachine()
          .withProcess("big", { anon: gib(4) })
          .boot(),
      RangeError,
    );
    assert.throws(() => aMachine().withProcess("child", { parent: "nobody" }).boot(), RangeError);
  });

  it("is what si_mem_available makes of it", () => {
    const machine = aMachine().withFileCache(mib(1000)).boot();
    const { free, available, activeFile, inactiveFile } = machine.meminfo();
    const zoneinfo = knownValue(machine.sense({ needs: ["zoneinfo"], isPressing: true }).zoneinfo);
    assert.ok(available !== undefined && zoneinfo !== undefined);
    const pageKib = 4;
    let [low, reserve] = [0, 0];
    for (const zone of zoneinfo.zones) {
      low += zone.low * pageKib;
      reserve += Math.min(zone.managed, Math.max(...zone.protection) + zone.high) * pageKib;
    }
    const files = activeFile + inactiveFile;
    const expected = free - reserve + files - Math.min(files / 2, low);
    assert.ok(Math.abs(available - expected) < 100, `${available} KiB instead of ${expected}`);
  });
});
