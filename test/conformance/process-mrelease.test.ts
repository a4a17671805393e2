/*
 * Every answer of process_mrelease(2) that a process can be brought to, provoked for real; those that depend on the kernel's own
 * killer, a core dump or a lock are in kernel-victim.test.ts and interrupted-release.test.ts. A victim's memory stays attached
 * for milliseconds only, so victims are held in a frozen cgroup of version 1: SIGKILL reaches them, and they stay.
 */
import assert from "node:assert/strict";
import { closeSync, openSync, readdirSync, readFileSync } from "node:fs";
import { after, before, type TestContext, test } from "node:test";
import { SystemError } from "#domain/system-error.ts";
import { initPid, kthreaddPid, mib, type Pid, type Pidfd, pid } from "#domain/units.ts";
import { closeFd } from "#native-bindings/file.ts";
import { openPidfd, sendSignal } from "#native-bindings/pidfd.ts";
import { ownPid } from "#native-bindings/process-ids.ts";
import { callKernel } from "#native-bindings/syscall.ts";
import { openKernelEyes } from "#test/support/conformance/kernel-eyes.ts";
import { release, releaseOf } from "#test/support/conformance/mrelease.ts";
import { type Actor, type ActorWish, lacksStage, openStage, type Stage } from "#test/support/conformance/stage.ts";
import { until } from "#test/support/conformance/until.ts";
import { lacksV1, makeV1Cgroup, type V1Cgroup } from "#test/support/conformance/v1-cgroup.ts";

const eyes = openKernelEyes();
const lacksCall = !eyes.capabilities.hasProcessMrelease && "process_mrelease is of Linux 5.15";
const skip = lacksCall || lacksStage();
const skipHeld = skip || lacksV1("freezer");
const size = mib(64);
/** linux/pidfd.h: PIDFD_THREAD, which is O_EXCL. */
const pidfdThread = 0o200;
const somebody = 54_321;
const nobody = 65_534;

let stage: Stage;
before(() => {
  if (skip === false) stage = openStage();
});
after(() => stage?.[Symbol.asyncDispose]());

const stateOf = (of: Pid) => eyes.look(of)?.state;

async function start(context: TestContext, wish: ActorWish = {}): Promise<Actor> {
  const actor = await stage.start({ name: "victim", oomScoreAdj: 1000, anonKiB: size, ...wish });
  context.after(() => {
    for (const who of [actor.pid, actor.sharer]) if (who !== undefined && isThere(who)) process.kill(who, "SIGKILL");
  });
  return actor;
}

function isThere(who: Pid): boolean {
  const state = stateOf(who);
  return state !== undefined && state !== "zombie" && state !== "dead";
}

/** Processes that can be killed and do not go before the cgroup is given up. */
interface Held {
  readonly actor: Actor;
  readonly pidfds: readonly Pidfd[];
}

async function hold(context: TestContext, freezer: V1Cgroup, wish: ActorWish = {}): Promise<Held> {
  const actor = await start(context, { ...wish, cgroups: [freezer.path] });
  freezer.write("freezer.state", "FROZEN");
  await until("the cgroup is frozen", () => freezer.read("freezer.state").trim() === "FROZEN");
  const pidfds = [actor.pid, actor.sharer].flatMap((who) => (who === undefined ? [] : (openPidfd(who) ?? [])));
  context.after(() => {
    for (const pidfd of pidfds) closeFd(pidfd);
  });
  return { actor, pidfds };
}

const anonOf = (of: Pid): number => eyes.look(of)?.memory?.anon ?? 0;

test("a flag is EINVAL, whomever it is about", { skip }, async (context) => {
  const { pid: victim } = await start(context);
  const pidfd = openPidfd(victim);
  assert.ok(pidfd !== undefined);
  assert.equal(release(pidfd, 1), "EINVAL");
  closeFd(pidfd);
});

test("what is no pidfd is EBADF: no descriptor, and one of a file", { skip: lacksCall }, () => {
  const file = openSync("/dev/null", "r");
  assert.deepEqual([release(-1), release(file)], ["EBADF", "EBADF"]);
  closeSync(file);
});

test("who is not dying is EINVAL: a process, ourselves, init", { skip }, async (context) => {
  const { pid: alive } = await start(context);
  assert.deepEqual([alive, ownPid(), initPid].map(releaseOf), ["EINVAL", "EINVAL", "EINVAL"]);
  assert.ok(anonOf(alive) >= size);
});

const noKthreadd = eyes.look(kthreaddPid)?.isKernelThread !== true && "kernel threads cannot be seen from here";

test("a kernel thread has no memory to release: ESRCH", { skip: lacksCall || noKthreadd }, () => {
  assert.equal(releaseOf(kthreaddPid), "ESRCH");
});

test("a zombie is ESRCH, and so is who was reaped after the pidfd was opened", { skip }, async (context) => {
  const { pid: victim } = await start(context);
  const pidfd = openPidfd(victim);
  assert.ok(pidfd !== undefined);
  process.kill(victim, "SIGKILL");
  await until("the victim is a zombie", () => stateOf(victim) === "zombie");
  assert.equal(release(pidfd), "ESRCH");
  await stage.bury(victim);
  assert.equal(release(pidfd), "ESRCH");
  closeFd(pidfd);
});

test("a zombie whose other thread lives holds memory, and is not dying: EINVAL", { skip }, async (context) => {
  const { pid: victim } = await start(context, { threads: 2, leaderExits: true });
  await until("the leader has exited", () => stateOf(victim) === "zombie");
  assert.equal(releaseOf(victim), "EINVAL");
  process.kill(victim, "SIGKILL");
  await stage.bury(victim);
});

test("killed with its memory attached is 0, and so is a second time", { skip: skipHeld }, async (context) => {
  await using freezer = makeV1Cgroup("freezer");
  const { actor, pidfds } = await hold(context, freezer);
  const [pidfd = -1] = pidfds;
  assert.equal(release(pidfd), "EINVAL");
  process.kill(actor.pid, "SIGKILL");
  assert.ok(anonOf(actor.pid) >= size);
  assert.equal(release(pidfd), "0");
  assert.ok(anonOf(actor.pid) < mib(1), "its memory is back while it is still there");
  assert.equal(release(pidfd), "0");
});

test("what was released does not show in oom_score: the kernel could choose it again", {
  skip: skipHeld,
}, async (context) => {
  await using freezer = makeV1Cgroup("freezer");
  const { actor, pidfds } = await hold(context, freezer);
  process.kill(actor.pid, "SIGKILL");
  assert.equal(release(pidfds[0] ?? -1), "0");
  assert.ok(Number(readFileSync(`/proc/${actor.pid}/oom_score`, "utf8")) >= 666);
});

test("of two processes with one memory both are EINVAL until both are killed", { skip: skipHeld }, async (context) => {
  await using freezer = makeV1Cgroup("freezer");
  const { actor, pidfds } = await hold(context, freezer, { sharesMemory: true });
  assert.equal(pidfds.length, 2);
  process.kill(actor.pid, "SIGKILL");
  assert.deepEqual(
    pidfds.map((pidfd) => release(pidfd)),
    ["EINVAL", "EINVAL"],
  );
  process.kill(pid(actor.sharer ?? Number.NaN), "SIGKILL");
  assert.deepEqual(
    pidfds.map((pidfd) => release(pidfd)),
    ["0", "0"],
  );
  assert.ok(anonOf(actor.pid) < mib(1));
});

test("whoever has a pidfd may release what it may not signal", { skip: skipHeld }, async (context) => {
  await using freezer = makeV1Cgroup("freezer");
  // Our real user stays root, and may signal what is root's.
  const { actor, pidfds } = await hold(context, freezer, { uid: somebody });
  process.kill(actor.pid, "SIGKILL");
  const [pidfd] = pidfds;
  assert.ok(pidfd !== undefined);
  process.seteuid?.(nobody);
  try {
    assert.throws(
      () => sendSignal(pidfd, "SIGKILL"),
      (error) => error instanceof SystemError && error.errno === "EPERM",
    );
    assert.equal(release(pidfd), "0");
  } finally {
    process.seteuid?.(0);
  }
  assert.ok(anonOf(actor.pid) < mib(1));
});

test("a thread that leads nobody is ESRCH", { skip }, async (context) => {
  const { pid: victim } = await start(context, { threads: 2 });
  const thread = readdirSync(`/proc/${victim}/task`)
    .map(Number)
    .find((id) => id !== victim);
  assert.ok(thread !== undefined);
  const threadFd = callKernel("pidfd_open", [thread, pidfdThread]);
  if (!("value" in threadFd)) return context.skip("PIDFD_THREAD is of Linux 6.9");
  assert.equal(release(threadFd.value), "ESRCH");
  closeSync(threadFd.value);
});

test("who dumps core is EINVAL for as long as it does, killed or not", { skip: skipHeld }, async (context) => {
  await using freezer = makeV1Cgroup("freezer");
  const { pid: victim } = await start(context, { threads: 2 });
  const thread = readdirSync(`/proc/${victim}/task`).find((id) => Number(id) !== victim);
  // Who dumps waits until all its threads have stopped, and a frozen one does not.
  freezer.write("tasks", String(thread));
  freezer.write("freezer.state", "FROZEN");
  await until("the thread is frozen", () => freezer.read("freezer.state").trim() === "FROZEN");
  const isDumping = () => /^CoreDumping:\t1$/m.test(readFileSync(`/proc/${victim}/status`, "utf8"));
  process.kill(victim, "SIGABRT");
  await until("the core is being dumped", isDumping);
  assert.equal(releaseOf(victim), "EINVAL");
  process.kill(victim, "SIGKILL");
  assert.equal(releaseOf(victim), "EINVAL");
  assert.ok(isDumping() && anonOf(victim) >= size);
});
