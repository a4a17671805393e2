import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { knownValue } from "#domain/snapshot.ts";
import { cgroupPath, gib, kib, mib, seconds } from "#domain/units.ts";
import { simulatedMachine } from "#simulated/simulated-machine.ts";
import { stallTime, type Task } from "#simulated/stall.ts";
import { passTime } from "#test/support/story.ts";

const task = (place: number, stalled: number, busy: number): Task => ({
  place,
  fortune: { grown: kib(0), stalled, atDisks: 0, busy },
});

/** Shares of a step of one second, in thousandths. */
function shares(tasks: readonly Task[], cpus: number): readonly [number, number] {
  const { some, full } = stallTime(tasks, "stalled", { cpus, span: seconds(1) });
  return [Math.round(some / 1000), Math.round(full / 1000)];
}

describe("stalled time", () => {
  it("is full where who is stalled is alone, and only some where its processor works meanwhile", () => {
    assert.deepEqual(shares([task(0, 1, 1)], 1), [1000, 1000]);
    assert.deepEqual(shares([task(0, 1, 1), task(1, 0, 1)], 1), [1000, 0]);
  });

  it("is halved by a second processor that works, and not by one that is idle", () => {
    assert.deepEqual(shares([task(0, 1, 1), task(1, 0, 1)], 2), [500, 500]);
    assert.deepEqual(shares([task(0, 1, 1)], 2), [1000, 1000]);
    assert.deepEqual(shares([task(0, 1, 1), task(1, 0, 0)], 2), [1000, 1000]);
  });

  it("counts a processor by how much it is not idle", () => {
    // Two thirds of all time that is not idle belong to who is stalled.
    assert.deepEqual(shares([task(0, 1, 1), task(1, 0, 0.5)], 2), [667, 667]);
  });

  it("is full only while none of one processor works: two who are stalled half the time are so together a quarter of it", () => {
    assert.deepEqual(shares([task(0, 0.5, 1), task(1, 0.5, 1)], 1), [750, 250]);
  });

  it("puts processes onto processors by their place", () => {
    // The first and the third share one: nothing of it is full.
    assert.deepEqual(shares([task(0, 1, 1), task(2, 0, 1)], 2), [1000, 0]);
    assert.deepEqual(shares([task(0, 1, 1), task(3, 0, 1)], 2), [500, 500]);
  });

  it("is nothing while nobody is stalled", () => {
    assert.deepEqual(shares([task(0, 0, 1), task(1, 0, 0)], 2), [0, 0]);
    assert.deepEqual(shares([], 4), [0, 0]);
  });
});

describe("stalled time of a cgroup", () => {
  it("is that of its own members, and the neighbour's is none", async () => {
    const machine = simulatedMachine({
      seed: 1,
      duration: seconds(60),
      ram: gib(4),
      swaps: [{ kind: "disk", size: gib(4), perSecond: mib(20) }],
      cgroups: [{ path: cgroupPath("/tight"), max: mib(256) }, { path: cgroupPath("/wide") }],
      processes: [
        { name: "leak", cgroup: cgroupPath("/tight/leak"), memory: [{ kind: "leak", perSecond: mib(100) }] },
        { name: "busy", cgroup: cgroupPath("/wide"), anon: mib(500), touchesPerSecond: gib(4) },
      ],
    });
    await passTime(machine, seconds(8));
    const stalls = () =>
      (knownValue(machine.sense({ needs: ["memcgs"], isPressing: true, watch: ["/tight", "/wide"] }).memcgs) ?? []).map(
        (memcg) => memcg.pressure?.full.total ?? 0,
      );
    const before = stalls();
    await passTime(machine, seconds(2));
    const [tight = 0, wide = 0] = stalls().map((total, at) => total - (before[at] ?? 0));
    assert.ok(tight > 1_500_000, `${tight} us of 2 s`);
    assert.equal(wide, 0);
    const pressure = knownValue(machine.sense({ needs: ["pressure"], isPressing: true }).pressure);
    // The neighbour works on another processor all the while.
    assert.ok(pressure !== undefined && pressure.full.average10 < 80, `${pressure?.full.average10}`);
  });
});
