import assert from "node:assert/strict";
import { test } from "node:test";
import { add, milliseconds } from "#domain/units.ts";
import { linuxMachine } from "#linux/linux-machine.ts";
import { toAdopt } from "#test/support/decisions.ts";
import { startSleeper } from "#test/unit/native-bindings/sleeper.ts";
import { identityOf } from "./living.ts";

test("a wait ends when it is due, and not before", async () => {
  using machine = linuxMachine();
  const until = add(machine.now(), milliseconds(12.5));
  assert.equal(await machine.wait(until), "due");
  assert.ok(machine.now() >= until);
});

test("a wait that is due already lets the event loop have its turn", async () => {
  using machine = linuxMachine();
  let hadTurn = false;
  setImmediate(() => {
    hadTurn = true;
  });
  assert.equal(await machine.wait(milliseconds(0)), "due");
  assert.ok(hadTurn);
});

test("waking ends the wait under way, or the next one, and only one", async () => {
  using machine = linuxMachine();
  const far = add(machine.now(), milliseconds(60_000));
  const waiting = machine.wait(far);
  machine.wake();
  assert.equal(await waiting, "called");
  machine.wake();
  machine.wake();
  assert.equal(await machine.wait(far), "called");
  assert.equal(await machine.wait(machine.now()), "due");
});

test("the exit of a victim ends a wait, and is no news once it was sensed", async () => {
  await using sleeper = await startSleeper();
  using machine = linuxMachine();
  machine.act(toAdopt(identityOf(sleeper.pid)));
  const waiting = machine.wait(add(machine.now(), milliseconds(60_000)));
  sleeper.child.kill("SIGKILL");
  assert.equal(await waiting, "victim");
  assert.equal(machine.sense({ needs: [], isPressing: true }).victims[0]?.kind, "exited");
  assert.equal(await machine.wait(add(machine.now(), milliseconds(20))), "due");
});

test("a wait longer than any timer of Node's sleeps all the same", async () => {
  using machine = linuxMachine();
  const warnings: string[] = [];
  const onWarning = ({ name }: Error): void => void warnings.push(name);
  process.on("warning", onWarning);
  const waiting = machine.wait(add(machine.now(), milliseconds(2 ** 40)));
  setTimeout(() => machine.wake(), 30);
  assert.equal(await waiting, "called");
  process.off("warning", onWarning);
  assert.deepEqual(warnings, []);
});

test("an exit between two waits ends the next one at once", async () => {
  await using sleeper = await startSleeper();
  using machine = linuxMachine();
  machine.act(toAdopt(identityOf(sleeper.pid)));
  await machine.wait(machine.now());
  sleeper.child.kill("SIGKILL");
  await sleeper.ended;
  assert.equal(await machine.wait(add(machine.now(), milliseconds(60_000))), "victim");
});

test("disposing ends a wait under way", async () => {
  const machine = linuxMachine();
  const waiting = machine.wait(add(machine.now(), milliseconds(60_000)));
  await new Promise(setImmediate);
  machine[Symbol.dispose]();
  assert.equal(await waiting, "due");
});
