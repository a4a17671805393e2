import assert from "node:assert/strict";
import { test } from "node:test";
import type { Meminfo } from "#domain/meminfo.ts";
import type { Quiet } from "#domain/quiet.ts";
import { knownValue } from "#domain/snapshot.ts";
import { add, kib, type Milliseconds, microseconds, milliseconds } from "#domain/units.ts";
import { linuxMachine } from "#linux/linux-machine.ts";
import type { Machine, Waker } from "#machine/machine.ts";
import { toAdopt } from "#test/support/decisions.ts";
import { fixturePath, recordedMachine } from "#test/support/fixture.ts";
import { startSleeper } from "#test/unit/native-bindings/sleeper.ts";
import { identityOf } from "./living.ts";

/** Files that stay as they are: nobody else stalls there, or uses swap. */
const stillMachine = () => linuxMachine({ root: fixturePath(recordedMachine) });

/** More than anybody has stalled. */
const anyStall = microseconds(2 ** 52);

function meminfoOf(machine: Machine): Meminfo {
  const { meminfo } = machine.sense({ needs: ["meminfo"], isPressing: false });
  return knownValue(meminfo) ?? assert.fail("it has no meminfo");
}

/** On a live machine a stall of others may end any wait. */
async function unpressed(machine: Machine, until: Milliseconds): Promise<Waker> {
  for (;;) {
    const waker = await machine.wait(until);
    if (waker !== "pressure") return waker;
  }
}

test("a wait ends when it is due, and not before", async () => {
  using machine = stillMachine();
  const until = add(machine.now(), milliseconds(12.5));
  assert.equal(await machine.wait(until), "due");
  assert.ok(machine.now() >= until);
});

test("a wait that is due already lets the event loop have its turn", async () => {
  using machine = stillMachine();
  let hadTurn = false;
  setImmediate(() => {
    hadTurn = true;
  });
  assert.equal(await machine.wait(milliseconds(0)), "due");
  assert.ok(hadTurn);
});

test("waking ends the wait under way, or the next one, and only one", async () => {
  using machine = stillMachine();
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
  const waiting = unpressed(machine, add(machine.now(), milliseconds(60_000)));
  sleeper.child.kill("SIGKILL");
  assert.equal(await waiting, "victim");
  assert.equal(machine.sense({ needs: [], isPressing: true }).victims[0]?.kind, "exited");
  assert.equal(await unpressed(machine, add(machine.now(), milliseconds(20))), "due");
});

test("a wait longer than any timer of Node's sleeps all the same", async () => {
  using machine = stillMachine();
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
  await unpressed(machine, machine.now());
  sleeper.child.kill("SIGKILL");
  await sleeper.ended;
  assert.equal(await unpressed(machine, add(machine.now(), milliseconds(60_000))), "victim");
});

test("disposing ends a wait under way", async () => {
  const machine = stillMachine();
  const waiting = machine.wait(add(machine.now(), milliseconds(60_000)));
  await new Promise(setImmediate);
  machine[Symbol.dispose]();
  assert.equal(await waiting, "due");
});

/** Of a wait of that length, on a machine where nothing moves. */
async function waitQuietly(machine: Machine, span: Milliseconds, every: Milliseconds) {
  const until = add(machine.now(), span);
  const quiet: Quiet = { until, every, next: until, available: kib(0), meminfo: meminfoOf(machine), stalled: anyStall };
  assert.equal(await machine.wait(machine.now(), quiet), "due");
  return { isLate: machine.now() >= until - every, look: machine.sense({ needs: ["meminfo"], isPressing: false }) };
}

test("a wait goes on past its time while it is quiet, and the next look tells that it was", async () => {
  using machine = stillMachine();
  // What has hardly any time left when it begins is an ordinary wait: on a busy machine a short one is.
  for (let span = 120; span < 20_000; span *= 2) {
    const { isLate, look } = await waitQuietly(machine, milliseconds(span), milliseconds(50));
    assert.ok(isLate);
    assert.equal(machine.sense({ needs: ["meminfo"], isPressing: false }).hasBeenQuiet, undefined);
    if (look.hasBeenQuiet === true) return;
  }
  assert.fail("it was never quiet");
});

test("a wait ends at the first check that finds something moved", async () => {
  using machine = stillMachine();
  const quiet = { until: add(machine.now(), milliseconds(60_000)), every: milliseconds(20), next: machine.now() };
  const broken = { ...quiet, available: kib(2 ** 50), meminfo: meminfoOf(machine), stalled: anyStall };
  assert.equal(await machine.wait(machine.now(), broken), "due");
  assert.equal(machine.sense({ needs: ["meminfo"], isPressing: false }).hasBeenQuiet, undefined);
});

test("waking ends a quiet wait as any other", async () => {
  using machine = stillMachine();
  const far = add(machine.now(), milliseconds(60_000));
  const quiet = { until: far, every: milliseconds(30_000), next: far, available: kib(0), meminfo: meminfoOf(machine) };
  const waiting = machine.wait(machine.now(), { ...quiet, stalled: anyStall });
  setTimeout(() => machine.wake(), 10);
  assert.equal(await waiting, "called");
});

test("what ended the quiet is looked at after the last moment of it", async () => {
  using machine = stillMachine();
  const far = add(machine.now(), milliseconds(60_000));
  const quiet = { until: far, every: milliseconds(20), next: far, available: kib(0), meminfo: meminfoOf(machine) };
  const waiting = machine.wait(machine.now(), { ...quiet, stalled: anyStall });
  setTimeout(() => machine.wake(), 33);
  assert.equal(await waiting, "called");
  await new Promise((resolve) => setTimeout(resolve, 20));
  const askedAt = machine.now();
  const last = machine.sense({ needs: ["vmstat"], isPressing: false });
  if (last.hasBeenQuiet === undefined) return;
  assert.deepEqual(Object.keys(last).sort(), ["hasBeenQuiet", "meminfo", "pressure", "takenAt", "victims"]);
  assert.ok(last.takenAt < askedAt, "it was taken before anybody asked");
  assert.equal(await machine.wait(far), "called");
  assert.equal(machine.sense({ needs: ["vmstat"], isPressing: false }).hasBeenQuiet, undefined);
});
