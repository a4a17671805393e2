import assert from "node:assert/strict";
import { test } from "node:test";
import { add, kib, microseconds, milliseconds } from "#domain/units.ts";
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

test("a wait goes on past its time while it is quiet, and the next look tells that it was", async () => {
  using machine = linuxMachine();
  const { meminfo } = machine.sense({ needs: ["meminfo"], isPressing: false });
  assert.ok(meminfo?.kind === "known");
  const until = add(machine.now(), milliseconds(120));
  const every = milliseconds(50);
  const quiet = { until, every, next: until, available: kib(0), meminfo: meminfo.value };
  assert.equal(await machine.wait(machine.now(), { ...quiet, stalled: microseconds(2 ** 52) }), "due");
  assert.ok(machine.now() >= until - every);
  assert.equal(machine.sense({ needs: ["meminfo"], isPressing: false }).hasBeenQuiet, true);
  assert.equal(machine.sense({ needs: ["meminfo"], isPressing: false }).hasBeenQuiet, undefined);
});

test("a wait ends at the first check that finds something moved", async () => {
  using machine = linuxMachine();
  const { meminfo } = machine.sense({ needs: ["meminfo"], isPressing: false });
  assert.ok(meminfo?.kind === "known");
  const quiet = { until: add(machine.now(), milliseconds(60_000)), every: milliseconds(20), next: machine.now() };
  const broken = { ...quiet, available: kib(2 ** 50), meminfo: meminfo.value, stalled: microseconds(2 ** 52) };
  assert.equal(await machine.wait(machine.now(), broken), "due");
  assert.equal(machine.sense({ needs: ["meminfo"], isPressing: false }).hasBeenQuiet, undefined);
});

test("waking ends a quiet wait as any other", async () => {
  using machine = linuxMachine();
  const { meminfo } = machine.sense({ needs: ["meminfo"], isPressing: false });
  assert.ok(meminfo?.kind === "known");
  const far = add(machine.now(), milliseconds(60_000));
  const quiet = { until: far, every: milliseconds(30_000), next: far, available: kib(0), meminfo: meminfo.value };
  const waiting = machine.wait(machine.now(), { ...quiet, stalled: microseconds(2 ** 52) });
  setTimeout(() => machine.wake(), 10);
  assert.equal(await waiting, "called");
});

test("what ended the quiet is looked at after the last moment of it", async () => {
  using machine = linuxMachine();
  const { meminfo } = machine.sense({ needs: ["meminfo"], isPressing: false });
  assert.ok(meminfo?.kind === "known");
  const far = add(machine.now(), milliseconds(60_000));
  const quiet = { until: far, every: milliseconds(20), next: far, available: kib(0), meminfo: meminfo.value };
  const waiting = machine.wait(machine.now(), { ...quiet, stalled: microseconds(2 ** 52) });
  setTimeout(() => machine.wake(), 33);
  assert.equal(await waiting, "called");
  await new Promise((resolve) => setTimeout(resolve, 20));
  const last = machine.sense({ needs: ["vmstat"], isPressing: false });
  if (last.hasBeenQuiet === undefined) return;
  assert.deepEqual(Object.keys(last).sort(), ["hasBeenQuiet", "meminfo", "pressure", "takenAt", "victims"]);
  assert.equal(await machine.wait(far), "called");
  assert.equal(machine.sense({ needs: ["vmstat"], isPressing: false }).hasBeenQuiet, undefined);
});
