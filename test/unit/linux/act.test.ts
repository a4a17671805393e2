import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";
import { initPid, kthreaddPid, pid, startTicks } from "#domain/units.ts";
import { linuxMachine } from "#linux/linux-machine.ts";
import { toAdopt, toEscalate, toSignal } from "#test/support/decisions.ts";
import { type Sleeper, startSleeper } from "#test/unit/native-bindings/sleeper.ts";
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

test("init, ourselves, our parent and a kernel thread are refused whatever was decided, and nobody is signalled", () => {
  using machine = linuxMachine();
  const ours = [initPid, pid(process.pid), pid(process.ppid), kthreaddPid];
  for (const untouchable of ours) {
    const identity = identityOf(untouchable);
    for (const decision of [toSignal(identity), toSignal(identity, { signal: "SIGKILL", reapsAtOnce: true })]) {
      assert.deepEqual(machine.act(decision), { kind: "refused", why: "became-protected" });
    }
    assert.deepEqual(machine.act(toEscalate(identity)), { kind: "refused", why: "gone" });
  }
  assert.equal(machine.sense({ needs: [], isPressing: true }).victims.length, ours.length);
  for (const { pid: id } of ours.map(identityOf)) process.kill(id, 0);
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
  sleeper.child.kill("SIGSTOP");
  machine.act(toSignal(identity));
  writeFileSync(`/proc/${sleeper.pid}/oom_score_adj`, "-1000");
  assert.deepEqual(machine.act(toEscalate(identity)), { kind: "refused", why: "became-protected" });
  assert.ok(isAlive(sleeper));
});

test("a stopped process does not act on SIGTERM, and dies of the escalation", async () => {
  await using sleeper = await startSleeper();
  using machine = linuxMachine();
  const identity = identityOf(sleeper.pid);
  sleeper.child.kill("SIGSTOP");
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

test("a suspect that does not share the victim's memory is left alone", async () => {
  await using victim = await startSleeper();
  await using suspect = await startSleeper();
  using machine = linuxMachine();
  const suspects = [identityOf(suspect.pid)];
  const outcome = machine.act(toSignal(identityOf(victim.pid), { suspects, protectedSuspects: suspects }));
  assert.deepEqual(outcome.kind === "signalled" && outcome.sharers, []);
  await lookUntil(machine, hasExited);
  assert.ok(isAlive(suspect));
});

/** vfork: the child runs in the memory of its parent, which waits in the kernel until the child executes or exits. */
const sharingPair = `
import ctypes, os, sys
libc = ctypes.CDLL(None, use_errno=True)
libc.mmap.restype = ctypes.c_void_p
stack = libc.mmap(None, ctypes.c_size_t(1 << 20), 3, 0x22, -1, ctypes.c_long(0))
CLONE_VM, SIGCHLD = 0x100, 17
child = libc.clone(ctypes.cast(libc.pause, ctypes.c_void_p), ctypes.c_void_p(stack + (1 << 20)), CLONE_VM | SIGCHLD, None)
print(child, flush=True)
os.waitpid(child, 0)
`;

async function startSharingPair() {
  const child = spawn("python3", ["-c", sharingPair], { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = await once(child.stdout, "data");
  const pids = [pid(child.pid ?? 0), pid(Number(String(line)))] as const;
  return {
    identities: pids.map(identityOf),
    ended: once(child, "exit"),
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null && child.signalCode === null) process.kill(pids[1], "SIGKILL");
      child.kill("SIGKILL");
    },
  };
}

for (const reapsAtOnce of [true, false]) {
  test(`two processes in one memory die together (reaping at once: ${reapsAtOnce})`, async () => {
    await using pair = await startSharingPair();
    const [victim, sharer] = pair.identities;
    assert.ok(victim !== undefined && sharer !== undefined);
    using machine = linuxMachine();
    const outcome = machine.act(toSignal(victim, { signal: "SIGKILL", reapsAtOnce, suspects: [sharer] }));
    assert.deepEqual(outcome.kind === "signalled" && outcome.sharers, [sharer]);
    const report = await lookUntil(machine, hasExited);
    assert.deepEqual(report.identity, victim);
    await pair.ended;
  });
}

test("a victim whose memory a protected process uses is refused, and both live", async () => {
  await using pair = await startSharingPair();
  const [victim, sharer] = pair.identities;
  assert.ok(victim !== undefined && sharer !== undefined);
  using machine = linuxMachine();
  const outcome = machine.act(toSignal(victim, { signal: "SIGKILL", reapsAtOnce: true, protectedSuspects: [sharer] }));
  assert.deepEqual(outcome, { kind: "refused", why: "shares-memory-with-protected" });
  assert.deepEqual(
    pair.identities.map(({ pid: id }) => identityOf(id)),
    pair.identities,
  );
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

function cannotLowerAdj(): string | false {
  const effective = BigInt(`0x${/CapEff:\s*(\w+)/.exec(readFileSync("/proc/self/status", "utf8"))?.[1] ?? "0"}`);
  return (effective >> 24n) & 1n ? false : "needs CAP_SYS_RESOURCE to protect a process";
}
