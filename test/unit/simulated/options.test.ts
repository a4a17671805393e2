import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { knownValue } from "#domain/snapshot.ts";
import { gib, type KiB, mib, milliseconds, seconds, subtract } from "#domain/units.ts";
import type { ProcessScript, ReadScript } from "#simulated/process-script.ts";
import type { Scenario } from "#simulated/scenario.ts";
import { type SimulatedMachine, simulatedMachine } from "#simulated/simulated-machine.ts";
import { longestStall } from "#simulated/wakes.ts";
import { eventsOf, passTime } from "#test/support/story.ts";

const boot = (wish: Partial<Scenario>, ...processes: readonly ProcessScript[]): SimulatedMachine =>
  simulatedMachine({ seed: 1, duration: seconds(60), ram: gib(4), processes, ...wish });

const ramp = (by: KiB, perSecond: KiB): ProcessScript => ({ name: "ramp", memory: [{ kind: "ramp", by, perSecond }] });
const swappedOut = (machine: SimulatedMachine): KiB =>
  subtract(machine.meminfo().swapTotal, machine.meminfo().swapFree);
const vmstatOf = (machine: SimulatedMachine) => {
  const vmstat = knownValue(machine.sense({ needs: ["vmstat"], isPressing: true }).vmstat);
  assert.ok(vmstat);
  return vmstat;
};

describe("zswap", () => {
  const swaps = [{ kind: "disk", size: gib(4), perSecond: mib(10) }] as const;
  const zswap = { ratio: 4, maxPool: mib(256) };

  it("holds what is swapped out in RAM, at its ratio, and no more than its pool takes", async () => {
    const machine = boot({ swaps, zswap }, ramp(gib(4.5), mib(500)));
    let most = 0;
    for (let at = 0; at < 100; at += 1) {
      await passTime(machine, milliseconds(200));
      const { zswap: pool = 0, zswapped = 0 } = machine.meminfo();
      assert.ok(Math.abs(pool - zswapped / 4) <= 1, `${pool} KiB for ${zswapped}`);
      assert.ok(pool <= mib(256) && zswapped <= swappedOut(machine) + 1);
      most = Math.max(most, pool);
    }
    assert.ok(most > mib(250), `${most} KiB`);
  });

  it("swaps out far faster than the disk behind it, until its pool is full", async () => {
    const after = async (wish: Partial<Scenario>) => {
      const machine = boot({ swaps, ...wish }, ramp(gib(4.5), gib(1)));
      await passTime(machine, seconds(7));
      return swappedOut(machine);
    };
    const [bare, compressed] = [await after({}), await after({ zswap })];
    assert.ok(bare < mib(100) && compressed > mib(500), `${bare} and ${compressed} KiB`);
  });

  it("is not told where there is none", () => {
    assert.equal(boot({ swaps }).meminfo().zswap, undefined);
  });
});

describe("direct IO", () => {
  const reading = (isDirect: boolean): ProcessScript => {
    const reads: ReadScript = { perSecond: mib(150), isDirect };
    return { name: "dd", reads };
  };

  it("keeps the disk busy and the page cache empty", async () => {
    const [direct, cached] = [boot({}, reading(true)), boot({}, reading(false))];
    const before = direct.meminfo().cached;
    for (const machine of [direct, cached]) await passTime(machine, seconds(10));
    assert.equal(direct.meminfo().cached, before);
    assert.ok(cached.meminfo().cached > gib(1.3));
  });

  it("takes the disk from who has to read its program", async () => {
    const shell = { name: "shell", text: mib(200), isInteractive: true, startsAt: seconds(1) } as const;
    const stallBeside = async (reads: KiB) => {
      const machine = boot(
        { diskPerSecond: mib(100), diskLatency: milliseconds(8) },
        { name: "dd", copies: 4, reads: { perSecond: reads, isDirect: true } },
        shell,
      );
      await passTime(machine, seconds(5));
      return longestStall(machine.interactivity());
    };
    const [quiet, busy] = [await stallBeside(mib(0.1)), await stallBeside(mib(100))];
    assert.ok(busy > 2 * quiet, `${quiet} and ${busy} ms`);
  });
});

describe("cold caches", () => {
  const shell: ProcessScript = { name: "shell", anon: mib(100), text: mib(200), isInteractive: true };
  const worker: ProcessScript = { name: "worker", files: { size: mib(300), perSecond: mib(300) } };

  it("of a cold start are read before anybody is served, and that is no refault", async () => {
    const machine = boot({ isColdStart: true, diskPerSecond: mib(50) }, shell, worker);
    assert.equal(machine.meminfo().cached, 0);
    await passTime(machine, seconds(30));
    assert.ok(longestStall(machine.interactivity()) > 20, `${longestStall(machine.interactivity())} ms`);
    assert.ok(machine.meminfo().cached > mib(450));
    assert.equal(vmstatOf(machine).fileRefaults, 0);
    const pressure = knownValue(machine.sense({ needs: ["pressure"], isPressing: true }).pressure);
    assert.equal(pressure?.some.total, 0);
  });

  it("of a warm start are nobody's concern", async () => {
    const machine = boot({ diskPerSecond: mib(50) }, shell, worker);
    assert.equal(machine.meminfo().cached, mib(500));
    await passTime(machine, seconds(30));
    assert.equal(longestStall(machine.interactivity()), 0);
  });

  it("after hibernation are refaults, of all who rested too, and those are stalls", async () => {
    for (const dropsCaches of [true, false]) {
      const suspends = [{ at: seconds(5), for: seconds(60), dropsCaches }];
      const machine = boot({ suspends, fileCache: mib(500) }, shell, worker);
      await machine.wait(seconds(6));
      assert.equal(machine.meminfo().cached < mib(900), dropsCaches, `${machine.meminfo().cached}`);
      await passTime(machine, seconds(30));
      const refaulted = vmstatOf(machine).fileRefaults * 4;
      const pressure = knownValue(machine.sense({ needs: ["pressure"], isPressing: true }).pressure);
      assert.equal(refaulted > mib(300), dropsCaches, `${refaulted} KiB`);
      assert.equal(Number(pressure?.some.total) > 0, dropsCaches);
    }
  });
});

describe("swappiness", () => {
  const swapped = async (swappiness: number) => {
    const machine = boot(
      { swappiness, swaps: [{ kind: "disk", size: gib(2), perSecond: mib(500) }] },
      { name: "idle", anon: gib(1) },
      { name: "database", files: { size: gib(2), perSecond: gib(1) } },
      ramp(gib(1.2), mib(100)),
    );
    await passTime(machine, seconds(13));
    return swappedOut(machine);
  };

  it("says what goes first: the more, the more is swapped out and the fewer files are dropped", async () => {
    const [none, little, much] = [await swapped(0), await swapped(10), await swapped(180)];
    assert.equal(none, 0);
    assert.ok(little > 0 && much > 2 * little, `${little} and ${much} KiB`);
  });
});

describe("the kernel's own OOM", () => {
  it("comes where slots of a full zram are left that hold nothing any more, after reclaim was in vain 16 times", async () => {
    const zram = { kind: "zram", size: gib(8), ratio: 4, memLimit: mib(128) } as const;
    const machine = boot({ swaps: [zram] }, ramp(gib(8), gib(1)));
    let fullAt = machine.now();
    while (eventsOf(machine, "kernel-oom-kill").length === 0 && machine.now() < seconds(30)) {
      if (swappedOut(machine) < mib(512) - 1) fullAt = machine.now();
      await passTime(machine, milliseconds(50));
    }
    const [kill] = eventsOf(machine, "kernel-oom-kill");
    assert.ok(kill !== undefined && machine.meminfo().swapFree > gib(4));
    // 16 times 100 ms.
    assert.ok(kill.at - fullAt >= 1500, `${kill.at - fullAt} ms`);
  });
});
