import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { knownValue } from "#domain/snapshot.ts";
import { mib, milliseconds } from "#domain/units.ts";
import { aMachine } from "#test/support/a-machine.ts";
import { passTime } from "#test/support/story.ts";

const traitsOf = (machine: ReturnType<ReturnType<typeof aMachine>["boot"]>, name: string) => {
  const table = knownValue(machine.sense({ needs: ["processes"], isPressing: true }).processes);
  return table?.processes.find(({ comm }) => comm === name)?.traits;
};

describe("what is known of simulated processes in a hurry", () => {
  it("knows program and cgroup of everybody, as on a kernel: a scenario that names none hides nobody behind a rule", () => {
    const machine = aMachine()
      .withProcess("editor", { anon: mib(10) })
      .boot();
    assert.deepEqual(traitsOf(machine, "editor"), { exe: "/usr/bin/editor", cmdline: undefined, cgroup: "/" });
    assert.equal(traitsOf(machine, "kswapd0")?.exe, undefined);
  });

  it("does not know the arguments of a newcomer before a look that is in no hurry", async () => {
    const machine = aMachine()
      .withProcess("newcomer", { startsAt: milliseconds(100), anon: mib(10) })
      .boot();
    machine.sense({ needs: ["processes"], isPressing: false });
    await passTime(machine, milliseconds(200));
    assert.equal(traitsOf(machine, "newcomer")?.cmdline, undefined);
    machine.sense({ needs: ["processes"], isPressing: false });
    assert.equal(traitsOf(machine, "newcomer")?.cmdline, "newcomer");
  });
});
