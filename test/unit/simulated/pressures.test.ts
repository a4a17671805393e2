import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type FactName, knownValue } from "#domain/snapshot.ts";
import { cgroupPath, gib, type KiB, kib, mib, milliseconds, seconds } from "#domain/units.ts";
import type { KernelZone } from "#domain/zoneinfo.ts";
import type { ProcessScript } from "#simulated/process-script.ts";
import type { Scenario } from "#simulated/scenario.ts";
import { type SimulatedMachine, simulatedMachine } from "#simulated/simulated-machine.ts";
import { longestStall } from "#simulated/wakes.ts";
import { eventsOf, passTime } from "#test/support/story.ts";

const boot = (wish: Partial<Scenario>, ...processes: readonly ProcessScript[]): SimulatedMachine =>
  simulatedMachine({ seed: 1, duration: seconds(60), ram: gib(4), processes, ...wish });

const look = (machine: SimulatedMachine, ...needs: readonly FactName[]) =>
  machine.sense({ needs, isPressing: true, watch: ["/app"] });

const leak = (perSecond: KiB): ProcessScript => ({ name: "leak", memory: [{ kind: "leak", perSecond }] });
const shell: ProcessScript = { name: "shell", anon: mib(100), text: mib(100), isInteractive: true };

/** Within what rounding to pages loses. */
function assertZonesAddUp(machine: SimulatedMachine): void {
  const seen = look(machine, "zoneinfo", "meminfo");
  const [zoneinfo, meminfo] = [knownValue(seen.zoneinfo), knownValue(seen.meminfo)];
  assert.ok(zoneinfo && meminfo);
  const { free, total, activeFile, inactiveFile } = meminfo;
  const { zones } = zoneinfo;
  const inZones = (pick: (zone: KernelZone) => number) => zones.reduce((sum, zone) => sum + pick(zone) * 4, 0);
  for (const [is, wanted] of [
    [inZones((zone) => zone.free), free],
    [inZones((zone) => zone.managed), total],
    [inZones((zone) => zone.activeFile + zone.inactiveFile), activeFile + inactiveFile],
  ] as const) {
    assert.ok(Math.abs(is - wanted) <= 12, `${is} KiB instead of ${wanted}`);
  }
  for (const zone of zones) assert.ok(zone.min <= zone.low && zone.low <= zone.high);
}

describe("zones of the simulated machine", () => {
  for (const ram of [gib(1), gib(4), gib(64)]) {
    it(`add up to meminfo at ${ram / gib(1)} GiB, in plenty and when everything is used`, async () => {
      const machine = boot({ ram, fileCache: mib(100) }, leak(kib(ram / 4)), shell);
      for (let at = 0; at < 5; at += 1) {
        assertZonesAddUp(machine);
        await passTime(machine, seconds(1));
      }
    });
  }
});

describe("swap of the simulated machine", () => {
  it("costs RAM where it is zram, and ends at its mem_limit", async () => {
    const zram = { kind: "zram", size: gib(4), ratio: 4, memLimit: mib(256) } as const;
    const machine = boot({ swaps: [zram] }, leak(mib(300)));
    while (eventsOf(machine, "kernel-oom-kill").length === 0) {
      await passTime(machine, milliseconds(100));
      const [device] = knownValue(look(machine, "swaps").swaps)?.devices ?? [];
      assert.ok(device?.stored);
      assert.ok(Math.abs(device.stored.occupied - device.used / 4) <= 1);
      assert.ok(device.stored.occupied <= mib(256));
    }
  });

  it("that comes and goes is there in between, and swapoff brings everything back", async () => {
    const disk = { kind: "disk", size: gib(2), swaponAt: seconds(2), swapoffAt: seconds(20) } as const;
    const spike = {
      name: "spike",
      memory: [{ kind: "spike", by: gib(4.2), perSecond: gib(1), hold: seconds(3) }],
    } as const;
    const idle = { name: "idle", anon: mib(500) };
    const machine = boot({ swaps: [disk] }, idle, spike);
    assert.equal(machine.meminfo().swapTotal, 0);
    await passTime(machine, seconds(19));
    assert.equal(machine.meminfo().swapTotal, gib(2));
    const before = machine.meminfo();
    assert.ok(before.swapFree < before.swapTotal);
    await passTime(machine, seconds(40));
    const { swapTotal, anon } = machine.meminfo();
    assert.equal(swapTotal, 0);
    assert.ok(anon > before.anon);
  });

  it("takes what lies idle, and hardly anything of what is used", async () => {
    const worker = { name: "worker", anon: gib(2), hot: mib(256), touchesPerSecond: mib(256) };
    const ramp = { name: "ramp", memory: [{ kind: "ramp", by: gib(2.5), perSecond: mib(200) }] } as const;
    const machine = boot({ swaps: [{ kind: "disk", size: gib(2), perSecond: mib(400) }] }, worker, ramp);
    await passTime(machine, seconds(30));
    const vmstat = knownValue(look(machine, "vmstat").vmstat);
    assert.ok(vmstat && vmstat.pagesSwappedOut * 4 > mib(500));
    assert.ok(
      vmstat.pagesSwappedIn < vmstat.pagesSwappedOut / 50,
      `${vmstat.pagesSwappedIn} of ${vmstat.pagesSwappedOut}`,
    );
  });

  it("is all that can take tmpfs, which nobody's death gives back", async () => {
    const writer = {
      name: "writer",
      writes: { perSecond: mib(500), size: gib(2), to: "tmpfs" },
      endsAt: seconds(6),
    } as const;
    const machine = boot({}, writer);
    await passTime(machine, seconds(10));
    assert.equal(machine.find("writer"), undefined);
    assert.equal(machine.meminfo().shmem, gib(2));
    assert.ok(Number(machine.meminfo().available) < gib(2));
  });
});

describe("who sits before the simulated machine", () => {
  it("is never kept waiting while memory is at hand", async () => {
    const machine = boot({}, shell);
    await passTime(machine, seconds(60));
    const [waits] = machine.interactivity();
    assert.deepEqual(waits?.slow, []);
    assert.ok(waits.wakes >= 599 && waits.wakes <= 601, `${waits.wakes}`);
  });

  it("waits for seconds where text has to be read again from a disk that turns, and nothing is killed", async () => {
    const big = { name: "big", anon: mib(520), memory: [{ kind: "ramp", by: mib(200), perSecond: mib(50) }] } as const;
    const machine = boot({ ram: gib(1), diskPerSecond: mib(80), diskLatency: milliseconds(8) }, big, shell, {
      name: "indexer",
      copies: 3,
      files: { size: mib(40), perSecond: mib(100) },
    });
    await passTime(machine, seconds(30));
    assert.ok(longestStall(machine.interactivity()) > 1000, `${longestStall(machine.interactivity())} ms`);
    assert.deepEqual(eventsOf(machine, "kernel-oom-kill"), []);
    assert.ok(Number(knownValue(look(machine, "vmstat").vmstat)?.fileRefaults) > 1000);
  });

  it("feels nothing of a file that is copied: what is used once goes before what is used", async () => {
    const cp = { name: "cp", reads: { perSecond: mib(150) }, writes: { perSecond: mib(50), to: "disk" } } as const;
    const machine = boot({ swaps: [{ kind: "disk", size: gib(2) }] }, cp, shell);
    await passTime(machine, seconds(60));
    assert.ok(longestStall(machine.interactivity()) < 100);
    assert.ok(machine.meminfo().swapFree > gib(1.99));
  });
});

describe("limits, sleep and children on the simulated machine", () => {
  it("a cgroup at its limit is reclaimed inside, and the kernel kills inside when that brings nothing", async () => {
    const inside = { ...leak(mib(100)), cgroup: cgroupPath("/app/leak") };
    const machine = boot({ cgroups: [{ path: cgroupPath("/app"), max: mib(512) }] }, inside, {
      name: "big",
      anon: gib(1),
    });
    while (eventsOf(machine, "kernel-oom-kill").length === 0) {
      await passTime(machine, milliseconds(50));
      const [memcg] = knownValue(look(machine, "memcgs").memcgs) ?? [];
      assert.ok(memcg && memcg.usage <= mib(513), `${memcg?.usage}`);
      assert.ok(machine.now() < 20_000);
    }
    assert.equal(eventsOf(machine, "kernel-oom-kill")[0]?.comm, "leak");
    const [memcg] = knownValue(look(machine, "memcgs").memcgs) ?? [];
    assert.equal(memcg?.events.oomKill, 1);
    assert.ok(Number(machine.meminfo().available) > gib(2));
  });

  it("what a cgroup takes from itself at its limit is counted nowhere as reclaim of the machine, only what it wants back", async () => {
    const files = { size: gib(1), perSecond: mib(500) };
    const machine = boot(
      { cgroups: [{ path: cgroupPath("/app"), max: mib(512) }] },
      { name: "indexer", startsAt: seconds(1), cgroup: cgroupPath("/app"), files },
    );
    await passTime(machine, seconds(5));
    const vmstat = knownValue(look(machine, "vmstat").vmstat);
    assert.ok(vmstat && vmstat.fileRefaults > 0);
    const { stolenDirectly, scannedDirectly, allocationStalls } = vmstat;
    assert.deepEqual([stolenDirectly, scannedDirectly, allocationStalls], [0, 0, 0]);
  });

  it("sleep lets the clock jump and nothing else", async () => {
    const machine = boot({ suspends: [{ at: seconds(5), for: seconds(3600) }] }, shell, leak(mib(1)));
    await passTime(machine, milliseconds(4999));
    const { anon } = machine.meminfo();
    await machine.wait(seconds(6));
    assert.ok(machine.now() >= 3_605_000);
    assert.ok(machine.meminfo().anon - anon < mib(2));
    await passTime(machine, seconds(1));
    assert.equal(longestStall(machine.interactivity()), 0);
    // Ten in a second of those it was awake.
    assert.ok(Number(machine.interactivity()[0]?.wakes) <= 80);
  });

  it("children come as fast as they are to, and no more at a time than may be", async () => {
    const each = { name: "cc1", anon: mib(10), lasts: seconds(1) };
    const machine = boot({}, { name: "make", children: { perSecond: 100, atOnce: 8, count: 50, each } });
    let most = 0;
    for (let at = 0; at < 150; at += 1) {
      await passTime(machine, milliseconds(100));
      const table = knownValue(look(machine, "processes").processes);
      most = Math.max(most, table?.processes.filter(({ comm }) => comm === "cc1").length ?? 0);
    }
    assert.equal(most, 8);
    assert.equal(eventsOf(machine, "started").filter(({ comm }) => comm === "cc1").length, 50);
    assert.equal(machine.find("cc1"), undefined);
  });

  it("the cache of ZFS shrinks to its minimum when memory is short, and is not available before", async () => {
    const machine = boot({ zfsArc: { size: gib(2), min: mib(512), perSecond: mib(100) } }, leak(mib(90)));
    assert.ok(Number(machine.meminfo().available) < gib(2));
    await passTime(machine, seconds(34));
    const arc = knownValue(look(machine, "arc").arc);
    assert.ok(arc && arc.size < gib(2) && arc.size >= mib(512), `${arc?.size}`);
    assert.equal(arc.evictable, arc.size - mib(512));
  });
});
