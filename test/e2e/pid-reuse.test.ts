import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { describe, it } from "node:test";
import type { Identity } from "#domain/identity.ts";
import { knownValue } from "#domain/snapshot.ts";
import type { Pid } from "#domain/units.ts";
import { linuxMachine } from "#linux/linux-machine.ts";
import type { Machine } from "#machine/machine.ts";
import { toKill } from "#test/support/decisions.ts";
import { startHog } from "#test/support/start-hog.ts";
import { reportOn } from "#test/support/world.ts";

/** Tells the kernel which pid it gave last (CONFIG_CHECKPOINT_RESTORE): the next process gets the one after it. */
const lastPidFile = "/proc/sys/kernel/ns_last_pid";

/** Its mode lets anybody write; that takes a right all the same, which only trying shows. */
function whyNot(): string | false {
  try {
    writeFileSync(lastPidFile, readFileSync(lastPidFile));
    return false;
  } catch {
    return `pids cannot be chosen here: ${lastPidFile} is missing or not ours to write (root, CONFIG_CHECKPOINT_RESTORE)`;
  }
}

/** Others start processes as well, so the wanted pid may be missed a few times, or taken by one of them. */
const mostTries = 50;

/** Undefined: it was missed. */
function startAs(wanted: Pid): ChildProcess | undefined {
  for (let tries = 0; tries < mostTries; tries += 1) {
    writeFileSync(lastPidFile, String(wanted - 1));
    const child = spawn("sleep", ["30"], { stdio: "ignore" });
    if (child.pid === wanted) return child;
    child.kill("SIGKILL");
  }
  return undefined;
}

/** A hog that was seen by a machine and has ended, and who has its pid now. */
async function replaceHog(machine: Machine): Promise<{ readonly hog: Identity; readonly innocent: ChildProcess }> {
  for (;;) {
    const { hog, end } = await startHog();
    const table = knownValue(machine.sense({ needs: ["processes"], isPressing: false }).processes);
    assert.ok(table?.processes.some(({ identity }) => identity.pid === hog.pid));
    await end();
    const innocent = startAs(hog.pid);
    if (innocent !== undefined) return { hog, innocent };
  }
}

describe("a pid that is given again", () => {
  const live = { skip: whyNot(), timeout: 120_000 };

  it("does not get the signal that was meant for who had it before", live, async () => {
    using machine = linuxMachine();
    const { hog, innocent } = await replaceHog(machine);
    try {
      const outcome = machine.act(toKill(hog));
      assert.equal(outcome.kind === "refused" && outcome.why, "identity-changed");
      assert.equal(reportOn(machine, hog)?.kind, "refused");
      assert.equal(innocent.exitCode, null);
      assert.equal(innocent.signalCode, null);
      assert.equal(innocent.kill(0), true, "the innocent is gone");
    } finally {
      innocent.kill("SIGKILL");
    }
  });
});
