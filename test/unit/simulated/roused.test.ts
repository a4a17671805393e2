import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { knownValue } from "#domain/snapshot.ts";
import { cgroupPath, gib, type KiB, kib, mib, seconds, sum } from "#domain/units.ts";
import type { Scenario } from "#simulated/scenario.ts";
import { type SimulatedMachine, simulatedMachine } from "#simulated/simulated-machine.ts";
import { passTime } from "#test/support/story.ts";

/** What processes hold is read from each of them; what meminfo says, from sums that are remembered while they rest. */
function assertAddsUp(machine: SimulatedMachine): void {
  const table = knownValue(machine.sense({ needs: ["processes"], isPressing: true }).processes);
  const { anon, swapTotal, swapFree } = machine.meminfo();
  const held = (pick: "anon" | "swap"): KiB =>
    sum(table?.processes.map(({ memory }) => memory?.[pick] ?? kib(0)) ?? []);
  assert.ok(Math.abs(held("anon") - anon) < mib(4), `${held("anon")} KiB held, ${anon} in meminfo`);
  const swapped = swapTotal - swapFree;
  assert.ok(Math.abs(held("swap") - swapped) < mib(4), `${held("swap")} KiB held, ${swapped} in swap`);
}

const swaps = [{ kind: "disk", size: gib(2), perSecond: mib(400) }] as const;
const idle = { name: "idle", copies: 40, anon: mib(20), cgroup: cgroupPath("/box") } as const;
const leak = { name: "leak", memory: [{ kind: "leak", perSecond: mib(100) }] } as const;

const stories: Readonly<Record<string, Partial<Scenario> & Pick<Scenario, "processes">>> = {
  "reclaim takes it": {
    swaps,
    processes: [idle, { ...leak, memory: [{ kind: "ramp", by: gib(4), perSecond: mib(300) }] }],
  },
  "its cgroup gives it up for a neighbour": {
    swaps,
    cgroups: [{ path: cgroupPath("/box"), max: gib(1) }],
    processes: [idle, { ...leak, cgroup: cgroupPath("/box/leak") }],
  },
  "it is born and killed by hundreds": {
    processes: [
      { name: "storm", children: { perSecond: 50, each: { name: "storm", anon: mib(20), lasts: seconds(4) } } },
      idle,
    ],
  },
};

describe("memory of who rests", () => {
  for (const [name, story] of Object.entries(stories)) {
    it(`is counted all the same when ${name}`, async () => {
      const machine = simulatedMachine({ seed: 1, duration: seconds(60), ram: gib(4), ...story });
      for (let at = 0; at < 12; at += 1) {
        await passTime(machine, seconds(1));
        assertAddsUp(machine);
      }
    });
  }
});
