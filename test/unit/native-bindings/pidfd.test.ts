import assert from "node:assert/strict";
import { openSync } from "node:fs";
import { test } from "node:test";
import { SystemError } from "#domain/system-error.ts";
import { initPid, type Pidfd, pid } from "#domain/units.ts";
import { closeFd } from "#native-bindings/file.ts";
import { openPidfd, releaseMemory, releaseMemoryAside, sendSignal } from "#native-bindings/pidfd.ts";
import { pollAside } from "#native-bindings/poll.ts";
import { ownPid } from "#native-bindings/process-ids.ts";
import { callKernel } from "#native-bindings/syscall.ts";
import { startSleeper } from "./sleeper.ts";

const beyondPidMax = pid(4_194_305);

function opened(of: Parameters<typeof openPidfd>[0]): Pidfd & number {
  const pidfd = openPidfd(of);
  assert.ok(pidfd !== undefined);
  return pidfd;
}

test("a pid nobody has yields no pidfd and no exception", () => {
  assert.equal(openPidfd(beyondPidMax), undefined);
});

test("SIGTERM through a pidfd ends the process it names, and the pidfd becomes readable", async () => {
  await using sleeper = await startSleeper();
  const pidfd = opened(sleeper.pid);
  assert.equal(sendSignal(pidfd, "SIGTERM"), "sent");
  assert.deepEqual(await pollAside([{ fd: pidfd, until: "readable" }]), ["ready"]);
  assert.equal(await sleeper.ended, "SIGTERM");
  assert.equal(sendSignal(pidfd, "SIGTERM"), "gone");
  closeFd(pidfd);
});

test("a descriptor that is no pidfd is refused with EBADF and advice", () => {
  const file = openSync("/dev/null", "r") as unknown as Pidfd;
  assert.throws(
    () => sendSignal(file, "SIGTERM"),
    (error) => error instanceof SystemError && error.errno === "EBADF" && error.advice.length > 0,
  );
  const release = releaseMemory(file);
  assert.equal(release.kind === "failed" && release.failure.errno, "EBADF");
  closeFd(file);
});

test("the memory of a living process, of init and of ourselves is not released", async () => {
  await using sleeper = await startSleeper();
  for (const living of [sleeper.pid, initPid, ownPid()]) {
    const pidfd = opened(living);
    assert.equal(releaseMemory(pidfd).kind, "not-dying");
    assert.equal((await releaseMemoryAside(pidfd)).kind, "not-dying");
    closeFd(pidfd);
  }
});

test("process_mrelease with a flag is EINVAL", async () => {
  await using sleeper = await startSleeper();
  const pidfd = opened(sleeper.pid);
  const result = callKernel("process_mrelease", [pidfd, 1]);
  assert.deepEqual(result, { errno: 22 });
  closeFd(pidfd);
});

test("a process that has been waited for has nothing left to release", async () => {
  const sleeper = await startSleeper();
  const pidfd = opened(sleeper.pid);
  sendSignal(pidfd, "SIGKILL");
  assert.equal(await sleeper.ended, "SIGKILL");
  assert.equal(releaseMemory(pidfd).kind, "detached");
  closeFd(pidfd);
});
