import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { pid } from "#domain/units.ts";
import { linuxMachine } from "#linux/linux-machine.ts";
import { toEscalate, toSignal } from "#test/support/decisions.ts";
import { lacksPrograms } from "#test/support/needs.ts";
import { startSleeper } from "#test/unit/native-bindings/sleeper.ts";
import { hasExited, identityOf, lookUntil } from "./living.ts";

const noPython = lacksPrograms("python3");

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
  test(`two processes in one memory die together (reaping at once: ${reapsAtOnce})`, { skip: noPython }, async () => {
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

/**
 * A child in the memory of its parent that executes a program of its own once it may, as posix_spawn(3) does it.
 * Both ignore SIGTERM. read(fd, stack, 1); execve(path, argv, NULL)
 */
const leavingChild = `
import ctypes, os, signal, struct, sys
signal.signal(signal.SIGTERM, signal.SIG_IGN)
libc = ctypes.CDLL(None, use_errno=True)
libc.mmap.restype = ctypes.c_void_p
memory = libc.mmap(None, ctypes.c_size_t(1 << 20), 7, 0x22, -1, ctypes.c_long(0))
gate, opener = os.pipe()
path = ctypes.create_string_buffer(b"/bin/sleep")
argv = (ctypes.c_char_p * 3)(b"sleep", b"60", None)
code = (b"\\x31\\xc0\\xbf" + struct.pack("<I", gate) + b"\\x48\\x8d\\x74\\x24\\xc0\\xba\\x01\\x00\\x00\\x00\\x0f\\x05"
  + b"\\xb8\\x3b\\x00\\x00\\x00\\x48\\xbf" + struct.pack("<Q", ctypes.addressof(path))
  + b"\\x48\\xbe" + struct.pack("<Q", ctypes.addressof(argv)) + b"\\x31\\xd2\\x0f\\x05")
ctypes.memmove(memory, code, len(code))
CLONE_VM, SIGCHLD = 0x100, 17
print(libc.clone(ctypes.c_void_p(memory), ctypes.c_void_p(memory + (1 << 20)), CLONE_VM | SIGCHLD, None), flush=True)
sys.stdin.read(1)
os.write(opener, b"!")
sys.stdin.read()
`;

test("who has left the memory of a victim since SIGTERM does not die of its escalation", {
  skip: process.arch === "x64" ? noPython : "its machine code is that of x86-64",
}, async () => {
  const child = spawn("python3", ["-c", leavingChild], { stdio: ["pipe", "pipe", "inherit"] });
  const ended = once(child, "exit");
  const [line] = await once(child.stdout, "data");
  const [victim, sharer] = [pid(child.pid ?? 0), pid(Number(String(line)))].map(identityOf);
  assert.ok(victim !== undefined && sharer !== undefined);
  using machine = linuxMachine();
  try {
    const outcome = machine.act(toSignal(victim, { suspects: [sharer] }));
    assert.deepEqual(outcome.kind === "signalled" && outcome.sharers, [sharer]);
    child.stdin.write("!");
    while (readFileSync(`/proc/${sharer.pid}/comm`, "utf8") !== "sleep\n") await new Promise(setImmediate);
    const escalated = machine.act(toEscalate(victim));
    assert.deepEqual(escalated.kind === "signalled" && escalated.sharers, []);
    await lookUntil(machine, hasExited);
    await ended;
    assert.deepEqual(identityOf(sharer.pid), sharer);
  } finally {
    child.kill("SIGKILL");
    process.kill(sharer.pid, "SIGKILL");
  }
});

/** A process whose leader has exited while another thread goes on. */
const leaderless = `
import ctypes, os, threading, time

libc = ctypes.CDLL(None)
threading.Thread(target=lambda: libc.sleep(60), daemon=True).start()
time.sleep(0.05)
print(os.getpid(), flush=True)
libc.pthread_exit(None)
`;

async function startLeaderless() {
  const child = spawn("python3", ["-c", leaderless], { stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(child, "exit");
  await once(child.stdout, "data");
  while (!readFileSync(`/proc/${child.pid}/stat`, "utf8").includes(") Z ")) await new Promise(setImmediate);
  return {
    identity: identityOf(pid(child.pid ?? 0)),
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await ended;
    },
  };
}

test("processes whose leaders have exited are not taken to share the memory these no longer have", {
  skip: noPython,
}, async () => {
  await using victim = await startLeaderless();
  await using suspect = await startLeaderless();
  using machine = linuxMachine();
  const outcome = machine.act(toSignal(victim.identity, { signal: "SIGKILL", suspects: [suspect.identity] }));
  assert.deepEqual(outcome.kind === "signalled" && outcome.sharers, []);
  await lookUntil(machine, hasExited);
  assert.equal(
    readFileSync(`/proc/${suspect.identity.pid}/task/${suspect.identity.pid}/stat`, "utf8").includes(") Z "),
    true,
  );
  assert.ok(readdirSync(`/proc/${suspect.identity.pid}/task`).length > 1);
});

test("a victim whose memory a protected process uses is refused, and both live", { skip: noPython }, async () => {
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
