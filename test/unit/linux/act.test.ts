import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { isSameIdentity } from "#domain/identity.ts";
import { initPid, kthreaddPid, type Pid, pid, startTicks } from "#domain/units.ts";
import type { VictimReport } from "#domain/victim-report.ts";
import { linuxMachine } from "#linux/linux-machine.ts";
import { makeBell } from "#native-bindings/eventfd.ts";
import { pollAside } from "#native-bindings/poll.ts";
import { toAdopt, toEscalate, toSignal } from "#test/support/decisions.ts";
import { lacksKernelThreads } from "#test/support/kernel-threads.ts";
import { type Sleeper, startSleeper } from "#test/unit/native-bindings/sleeper.ts";
import { moduleOf, runWithFewDescriptors } from "./few-descriptors.ts";
import { hasExited, identityOf, lookUntil } from "./living.ts";

const isAlive = ({ child }: Sleeper) => child.exitCode === null && child.signalCode === null;

test("a signalled process is reported alive, then exited, and no more after its release", async () => {
  await using sleeper = await startSleeper();
  using machine = linuxMachine();
  const identity = identityOf(sleeper.pid);
  assert.equal(machine.act(toSignal(identity)).kind, "signalled");
  const report = await lookUntil(machine, hasExited);
  assert.deepEqual([report.identity, await sleeper.ended], [identity, "SIGTERM"]);
  assert.deepEqual(machine.act({ kind: "release", victim: identity }), { kind: "released" });
  assert.deepEqual(machine.sense({ needs: [], isPressing: false }).victims, []);
});

test("SIGKILL that reaps at once kills, and tells what became of the memory", async () => {
  await using sleeper = await startSleeper();
  using machine = linuxMachine();
  assert.equal(machine.capabilities.canReapAtOnce, true);
  const decision = toSignal(identityOf(sleeper.pid), { signal: "SIGKILL", reapsAtOnce: true });
  assert.equal(machine.act(decision).kind, "signalled");
  const report = await lookUntil(
    machine,
    (victim) => victim.kind === "exited" && !["under-way", "not-asked"].includes(victim.reap.kind),
  );
  assert.ok(report.kind === "exited" && ["released", "exiting-by-itself"].includes(report.reap.kind));
  assert.equal(await sleeper.ended, "SIGKILL");
});

/** Asks for the worst and sees it refused. */
function assertUntouchable(untouchable: readonly Pid[]): void {
  using machine = linuxMachine();
  for (const identity of untouchable.map(identityOf)) {
    for (const decision of [toSignal(identity), toSignal(identity, { signal: "SIGKILL", reapsAtOnce: true })]) {
      assert.deepEqual(machine.act(decision), { kind: "refused", why: "became-protected" });
    }
    assert.deepEqual(machine.act(toEscalate(identity)), { kind: "refused", why: "gone" });
  }
  assert.equal(machine.sense({ needs: [], isPressing: true }).victims.length, untouchable.length);
  for (const { pid: id } of untouchable.map(identityOf)) process.kill(id, 0);
}

test("init, ourselves and our parent are refused whatever was decided, and nobody is signalled", () => {
  // In a pid namespace of our own the parent may be init.
  assertUntouchable([...new Set([initPid, pid(process.pid), pid(process.ppid)])]);
});

test("a kernel thread is refused whatever was decided", { skip: lacksKernelThreads }, () => {
  assertUntouchable([kthreaddPid]);
});

test("a pid that belongs to another process by now is refused, and that process lives", async () => {
  await using sleeper = await startSleeper();
  using machine = linuxMachine();
  const recycled = { pid: sleeper.pid, startTicks: startTicks(identityOf(sleeper.pid).startTicks - 1) };
  for (const reapsAtOnce of [true, false]) {
    const outcome = machine.act(toSignal(recycled, { signal: "SIGKILL", reapsAtOnce }));
    assert.deepEqual(outcome, { kind: "refused", why: "identity-changed" });
  }
  const [report] = machine.sense({ needs: [], isPressing: true }).victims;
  assert.deepEqual(report, { kind: "refused", identity: recycled, why: "identity-changed" });
  // The bystander of this test would have died of the signal before it answers the next one.
  assert.ok(isAlive(sleeper));
  sleeper.child.kill("SIGTERM");
  assert.equal(await sleeper.ended, "SIGTERM");
});

test("a process that has left is refused as gone", async () => {
  const sleeper = await startSleeper();
  const identity = identityOf(sleeper.pid);
  sleeper.child.kill("SIGKILL");
  await sleeper.ended;
  using machine = linuxMachine();
  assert.deepEqual(machine.act(toSignal(identity)), { kind: "refused", why: "gone" });
  assert.deepEqual(machine.act(toAdopt(identity)), { kind: "refused", why: "gone" });
});

test("a victim that became protected after SIGTERM gets no SIGKILL", { skip: cannotLowerAdj() }, async () => {
  await using sleeper = await startSleeper();
  using machine = linuxMachine();
  const identity = identityOf(sleeper.pid);
  await stop(sleeper);
  machine.act(toSignal(identity));
  writeFileSync(`/proc/${sleeper.pid}/oom_score_adj`, "-1000");
  assert.deepEqual(machine.act(toEscalate(identity)), { kind: "refused", why: "became-protected" });
  assert.equal(machine.sense({ needs: [], isPressing: true }).victims[0]?.kind, "refused");
  assert.ok(isAlive(sleeper));
});

test("a stopped process does not act on SIGTERM, and dies of the escalation", async () => {
  await using sleeper = await startSleeper();
  using machine = linuxMachine();
  const identity = identityOf(sleeper.pid);
  await stop(sleeper);
  assert.equal(machine.act(toSignal(identity)).kind, "signalled");
  assert.equal(machine.sense({ needs: [], isPressing: true }).victims[0]?.kind, "alive");
  assert.equal(machine.act(toEscalate(identity)).kind, "signalled");
  await lookUntil(machine, hasExited);
  assert.equal(await sleeper.ended, "SIGKILL");
});

test("an adopted process is watched and not signalled", async () => {
  await using sleeper = await startSleeper();
  using machine = linuxMachine();
  assert.deepEqual(machine.act(toAdopt(identityOf(sleeper.pid))), { kind: "watched" });
  assert.equal(machine.sense({ needs: [], isPressing: true }).victims[0]?.kind, "alive");
  assert.ok(isAlive(sleeper));
  sleeper.child.kill("SIGHUP");
  await lookUntil(machine, hasExited);
  assert.equal(await sleeper.ended, "SIGHUP");
});

test("the memory of a victim that was not killed is not taken from it", async () => {
  await using sleeper = await startSleeper();
  using machine = linuxMachine();
  const identity = identityOf(sleeper.pid);
  machine.act(toAdopt(identity));
  assert.deepEqual(machine.act({ kind: "reap", victim: identity }), { kind: "begun" });
  const report = await lookUntil(machine, (victim) => victim.kind === "alive" && victim.reap.kind === "stuck");
  assert.ok(report.kind === "alive" && report.reap.kind === "stuck" && report.reap.failure.errno === "EINVAL");
  assert.ok(isAlive(sleeper));
});

const notRoot = process.geteuid?.() === 0 ? false : "needs root to become somebody else";

test("a process out of our reach is refused with what the kernel said, and lives", { skip: notRoot }, async () => {
  await using sleeper = await startSleeper({ uid: 12_345 });
  using machine = linuxMachine();
  const identity = identityOf(sleeper.pid);
  process.seteuid?.(65_534);
  try {
    for (const reapsAtOnce of [true, false]) {
      const outcome = machine.act(toSignal(identity, { signal: "SIGKILL", reapsAtOnce }));
      assert.ok(outcome.kind === "refused" && outcome.why === "failed");
      assert.deepEqual([outcome.failure?.call, outcome.failure?.errno], ["pidfd_send_signal", "EPERM"]);
    }
  } finally {
    process.seteuid?.(0);
  }
  assert.ok(isAlive(sleeper));
});

test("a victim dies although every thread that could signal it is busy, and before anybody looks again", async () => {
  await using sleeper = await startSleeper();
  using bell = makeBell();
  using machine = linuxMachine();
  const poolThreads = 4;
  const busy = Array.from({ length: poolThreads }, () => pollAside([{ fd: bell.fd, until: "readable" }]));
  machine.act(toSignal(identityOf(sleeper.pid), { signal: "SIGKILL", reapsAtOnce: true }));
  assert.equal(await sleeper.ended, "SIGKILL");
  bell.ring();
  await Promise.all(busy);
});

test("every one of three victims is reaped, though no more than two at once", async () => {
  await using first = await startSleeper();
  await using second = await startSleeper();
  await using third = await startSleeper();
  using machine = linuxMachine();
  for (const { pid: id } of [first, second, third]) {
    machine.act(toSignal(identityOf(id), { signal: "SIGKILL", reapsAtOnce: true }));
  }
  const isReaped = (victim: VictimReport): boolean =>
    victim.kind === "exited" && ["released", "exiting-by-itself"].includes(victim.reap.kind);
  for (const { identity } of machine.sense({ needs: [], isPressing: true }).victims) {
    await lookUntil(machine, (victim) => isSameIdentity(victim.identity, identity) && isReaped(victim));
  }
});

test("a process that takes the last descriptor is killed, and only after its start time was read", async () => {
  const program = `
    import { closeSync, openSync } from "node:fs";
    import { linuxMachine } from ${moduleOf("src/linux/linux-machine.js")};
    import { toSignal } from ${moduleOf("test/support/decisions.js")};
    import { identityOf } from ${moduleOf("test/unit/linux/living.js")};
    import { startSleeper } from ${moduleOf("test/unit/native-bindings/sleeper.js")};
    const [victim, bystander] = [await startSleeper(), await startSleeper()];
    const [identity, other] = [identityOf(victim.pid), identityOf(bystander.pid)];
    const machine = linuxMachine();
    let last;
    try { for (;;) last = openSync("/dev/null"); } catch {}
    closeSync(last);
    const recycled = machine.act(toSignal({ ...other, startTicks: other.startTicks - 1 }, { signal: "SIGKILL" }));
    const first = machine.act(toSignal(identity, { signal: "SIGKILL", reapsAtOnce: true }));
    const ended = first.kind === "signalled" ? await victim.ended : first.failure;
    console.log(JSON.stringify([recycled.why, first.kind, ended, bystander.child.signalCode]));
    for (const { child } of [victim, bystander]) child.kill("SIGKILL");
    process.exit();`;
  assert.deepEqual(await runWithFewDescriptors(program), ["identity-changed", "signalled", "SIGKILL", null]);
});

test("without a descriptor to spare a process is killed by its pid, after its start time was read again", async () => {
  const program = `
    import { openSync } from "node:fs";
    import { linuxMachine } from ${moduleOf("src/linux/linux-machine.js")};
    import { toSignal } from ${moduleOf("test/support/decisions.js")};
    import { identityOf } from ${moduleOf("test/unit/linux/living.js")};
    import { startSleeper } from ${moduleOf("test/unit/native-bindings/sleeper.js")};
    const [victim, bystander] = [await startSleeper(), await startSleeper()];
    const [identity, other] = [identityOf(victim.pid), identityOf(bystander.pid)];
    const machine = linuxMachine();
    try { for (;;) openSync("/dev/null"); } catch {}
    const recycled = machine.act(toSignal({ ...other, startTicks: other.startTicks - 1 }, { signal: "SIGKILL" }));
    const first = machine.act(toSignal(identity, { signal: "SIGKILL" }));
    const ended = first.kind === "signalled" ? await victim.ended : first.failure;
    try { for (;;) openSync("/dev/null"); } catch {}
    const { victims } = machine.sense({ needs: ["processes"], isPressing: true });
    const told = victims.map(({ kind }) => kind);
    console.log(JSON.stringify([recycled.why, first.kind, ended, bystander.child.signalCode, told]));
    for (const { child } of [victim, bystander]) child.kill("SIGKILL");
    process.exit();`;
  const told = ["identity-changed", "signalled", "SIGKILL", null, ["refused", "exited"]];
  assert.deepEqual(await runWithFewDescriptors(program), told);
});

test("a recorded machine refuses every act, and no process of this one is touched", async () => {
  await using sleeper = await startSleeper();
  using machine = linuxMachine({ root: "/proc/self/root" });
  const identity = identityOf(sleeper.pid);
  for (const decision of [toSignal(identity, { signal: "SIGKILL" }), toAdopt(identity), toEscalate(identity)]) {
    const outcome = machine.act(decision);
    assert.equal(outcome.kind === "refused" && outcome.failure?.errno, "EROFS");
  }
  assert.equal(machine.sense({ needs: [], isPressing: true }).victims[0]?.kind, "refused");
  assert.ok(isAlive(sleeper));
  assert.deepEqual(machine.act({ kind: "release", victim: identity }), { kind: "released" });
});

/** A signal of a lower number would be taken before a SIGSTOP that has not been acted upon. */
async function stop({ child, pid: id }: Sleeper): Promise<void> {
  child.kill("SIGSTOP");
  while (!/\) T /.test(readFileSync(`/proc/${id}/stat`, "utf8"))) await new Promise(setImmediate);
}

function cannotLowerAdj(): string | false {
  const effective = BigInt(`0x${/CapEff:\s*(\w+)/.exec(readFileSync("/proc/self/status", "utf8"))?.[1] ?? "0"}`);
  return (effective >> 24n) & 1n ? false : "needs CAP_SYS_RESOURCE to protect a process";
}
