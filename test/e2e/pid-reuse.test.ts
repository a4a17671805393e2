import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { accessSync, constants, writeFileSync } from "node:fs";
import { describe, it } from "node:test";
import { knownValue } from "#domain/snapshot.ts";
import type { Pid } from "#domain/units.ts";
import { linuxMachine } from "#linux/linux-machine.ts";
import { toKill } from "#test/support/decisions.ts";
import { startHog } from "#test/support/start-hog.ts";
import { reportOn } from "#test/support/world.ts";

/** Tells the kernel which pid it gave last (CONFIG_CHECKPOINT_RESTORE): the next process gets the one after it. */
const lastPidFile = "/proc/sys/kernel/ns_last_pid";

function whyNot(): string | false {
  try {
    accessSync(lastPidFile, constants.W_OK);
    return false;
  } catch {
    return `pids cannot be chosen here: ${lastPidFile} is missing or not ours to write (root, CONFIG_CHECKPOINT_RESTORE)`;
  }
}

/** Others start processes as well, so the wanted pid may be missed a few times. */
const mostTries = 200;

function startAs(wanted: Pid): ChildProcess {
  for (let tries = 0; tries < mostTries; tries += 1) {
    writeFileSync(lastPidFile, String(wanted - 1));
    const child = spawn("sleep", ["30"], { stdio: "ignore" });
    if (child.pid === wanted) return child;
    child.kill("SIGKILL");
  }
  throw new Error(`Cannot start a process as pid ${wanted}: it was missed ${mostTries} times`);
}

describe("a pid that is given again", () => {
  it("does not get the signal that was meant for who had it before", { skip: whyNot() }, async () => {
    using machine = linuxMachine();
    const { hog, end } = await startHog();
    const table = knownValue(machine.sense({ needs: ["processes"], isPressing: false }).processes);
    assert.ok(table?.processes.some(({ identity }) => identity.pid === hog.pid));
    await end();
    const innocent = startAs(hog.pid);
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
