import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";
import { pid } from "#domain/units.ts";
import { linuxMachine } from "#linux/linux-machine.ts";
import { toSignal } from "#test/support/decisions.ts";
import { startSleeper } from "#test/unit/native-bindings/sleeper.ts";
import { hasExited, identityOf, lookUntil } from "./living.ts";

test("a suspect that does not share the victim's memory is left alone", async () => {
  await using victim = await startSleeper();
  await using suspect = await startSleeper();
  using machine = linuxMachine();
  const suspects = [identityOf(suspect.pid)];
  const outcome = machine.act(toSignal(identityOf(victim.pid), { suspects, protectedSuspects: suspects }));
  assert.deepEqual(outcome.kind === "signalled" && outcome.sharers, []);
  await lookUntil(machine, hasExited);
  assert.equal(suspect.child.exitCode ?? suspect.child.signalCode, null);
});

/** A child made by clone(CLONE_VM) without CLONE_THREAD: a process of its own in the memory of its parent. */
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
