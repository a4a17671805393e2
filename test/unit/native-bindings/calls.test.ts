import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { SystemError } from "#domain/system-error.ts";
import { milliseconds, pid } from "#domain/units.ts";
import { makeBell } from "#native-bindings/eventfd.ts";
import { closeFd, openFile, openIfPresent, readAt, readAtIfPresent } from "#native-bindings/file.ts";
import { sharesMemory } from "#native-bindings/kcmp.ts";
import { killByPid } from "#native-bindings/kill.ts";
import { discardPages } from "#native-bindings/madvise.ts";
import { lockOnFault, unlockAll } from "#native-bindings/mlock.ts";
import { pollAside, pollNow } from "#native-bindings/poll.ts";
import { setNice, setRealTime } from "#native-bindings/priority.ts";
import { effectiveUid, ownPid, parentPid } from "#native-bindings/process-ids.ts";
import { startSleeper } from "./sleeper.ts";

const refusedWith = (errno: string) => (error: unknown) => error instanceof SystemError && error.errno === errno;

test("we know who we are", () => {
  assert.deepEqual([ownPid(), parentPid(), effectiveUid()], [process.pid, process.ppid, process.geteuid?.()]);
});

test("kill by pid tells a process that took the signal from one that is not there", async () => {
  const sleeper = await startSleeper();
  assert.equal(killByPid(sleeper.pid, "SIGTERM"), "sent");
  assert.equal(await sleeper.ended, "SIGTERM");
  assert.equal(killByPid(sleeper.pid, "SIGTERM"), "gone");
});

test("a process shares its memory with itself, not with a child, and with nobody once it has gone", async () => {
  await using sleeper = await startSleeper();
  assert.equal(sharesMemory(ownPid(), ownPid()), true);
  assert.equal(sharesMemory(ownPid(), sleeper.pid), false);
  assert.equal(sharesMemory(ownPid(), pid(4_194_305)), undefined);
});

test("a missing file is no exception when it may be missing, and one with advice when it may not", () => {
  assert.equal(openIfPresent("/proc/4194305/stat"), undefined);
  assert.throws(() => openFile("/proc/4194305/stat"), refusedWith("ENOENT"));
  assert.throws(() => openFile("/proc/self/stat/below"), refusedWith("ENOTDIR"));
});

test("a file of a process that left after it was opened reads as gone", async () => {
  const sleeper = await startSleeper();
  const fd = openIfPresent(`/proc/${sleeper.pid}/stat`);
  assert.ok(fd !== undefined);
  const buffer = new Uint8Array(1024);
  assert.ok(readAt(fd, buffer, 0) > 0);
  sleeper.child.kill("SIGKILL");
  await sleeper.ended;
  assert.equal(readAtIfPresent(fd, buffer, 0), undefined);
  closeFd(fd);
  assert.throws(() => closeFd(fd), refusedWith("EBADF"));
});

test("a signal in the middle of a poll is not its end", async () => {
  using bell = makeBell();
  const heard = once(process, "SIGUSR2");
  const sender = spawn("sh", ["-c", `sleep 0.1; kill -USR2 ${process.pid}`], { stdio: "ignore" });
  const began = performance.now();
  assert.deepEqual(pollNow([{ fd: bell.fd, until: "readable" }], milliseconds(600)), ["idle"]);
  assert.ok(performance.now() - began >= 599);
  await Promise.all([heard, once(sender, "exit")]);
});

test("a bell wakes a poll that waits for good, and rings only once", async () => {
  using bell = makeBell();
  const watched = [{ fd: bell.fd, until: "readable" as const }];
  assert.deepEqual(pollNow(watched), ["idle"]);
  const waiting = pollAside(watched);
  bell.ring();
  bell.ring();
  assert.deepEqual(await waiting, ["ready"]);
  bell.silence();
  bell.silence();
  assert.deepEqual(pollNow(watched), ["idle"]);
});

test("a descriptor that is not open polls as failed, beside one that is", () => {
  using bell = makeBell();
  bell.ring();
  const closed = openFile("/dev/null");
  closeFd(closed);
  assert.deepEqual(
    pollNow([
      { fd: closed, until: "readable" },
      { fd: bell.fd, until: "readable" },
    ]),
    ["failed", "ready"],
  );
});

test("a file mapping can be locked, refuses to be discarded then, and can be unlocked", () => {
  const line = readFileSync("/proc/self/maps", "utf8")
    .split("\n")
    .find((text) => / r--p .*libc/.test(text));
  const [start, end] = (line?.split(" ")[0] ?? "").split("-").map((hex) => BigInt(`0x${hex}`));
  assert.ok(start !== undefined && end !== undefined);
  const range = { start, size: Number(end - start) };
  const locked = () => Number(/VmLck:\s+(\d+)/.exec(readFileSync("/proc/self/status", "utf8"))?.[1]);
  lockOnFault(range);
  assert.equal(locked(), range.size / 1024);
  assert.throws(() => discardPages(range), refusedWith("EINVAL"));
  unlockAll();
  assert.equal(locked(), 0);
  discardPages(range);
});

test("the nice value of a thread can be raised, and a thread that is not there is refused", async () => {
  await using sleeper = await startSleeper();
  setNice(sleeper.pid, 7);
  assert.equal(readFileSync(`/proc/${sleeper.pid}/stat`, "utf8").split(") ")[1]?.split(" ")[16], "7");
  assert.throws(() => setNice(4_194_305, 0), refusedWith("ESRCH"));
  assert.throws(() => setRealTime(4_194_305, 1), refusedWith("ESRCH"));
});
