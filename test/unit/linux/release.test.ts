import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { test } from "node:test";
import { linuxMachine } from "#linux/linux-machine.ts";
import { toSignal } from "#test/support/decisions.ts";
import { startSleeper } from "#test/unit/native-bindings/sleeper.ts";
import { identityOf } from "./living.ts";

test("a whole kill leaves no descriptor behind, and the reaping may come back after the release", async () => {
  const open = () => readdirSync("/proc/self/fd").length;
  linuxMachine()[Symbol.dispose]();
  const before = open();
  for (let round = 0; round < 3; round++) {
    const machine = linuxMachine();
    await using sleeper = await startSleeper();
    const identity = identityOf(sleeper.pid);
    machine.sense({ needs: ["meminfo", "pressure", "processes"], isPressing: false });
    machine.act(toSignal(identity, { signal: "SIGKILL", reapsAtOnce: true }));
    machine.act({ kind: "release", victim: identity });
    await machine.wait(machine.now());
    machine[Symbol.dispose]();
    machine[Symbol.dispose]();
    assert.equal(await sleeper.ended, "SIGKILL");
  }
  while (open() > before) await new Promise(setImmediate);
  assert.equal(open(), before);
});
