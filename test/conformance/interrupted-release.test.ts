/*
 * What process_mrelease(2) says where the victim's mmap_lock is held: nothing, it waits, for as long as it takes; only the death of its
 * caller ends the wait, with EINTR. So a held lock is never EAGAIN. That is said when a notifier of the mm may not block
 * (v6.12 mm/oom_kill.c: __oom_reap_task_mm), and no process can make that come about without a driver that registers such a
 * notifier (GPUs, RDMA, Xen); KVM's never refuses. A kernel of which
 * `zgrep -E "DRM|INFINIBAND|GNTDEV|TEST_HMM|MODULES=" /proc/config.gz` names none as built in or as a module has no EAGAIN to give.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { errnoName } from "#native-bindings/errno.ts";
import { openKernelEyes } from "#test/support/conformance/kernel-eyes.ts";
import { lacksCapability, lacksPrograms } from "#test/support/needs.ts";
import { repositoryRoot } from "#test/support/repository.ts";

const lacksCall = !openKernelEyes().capabilities.hasProcessMrelease && "process_mrelease is of Linux 5.15";
const mayNotLock = lacksCapability("CAP_IPC_LOCK") && "needs CAP_IPC_LOCK to lock 256 MiB of memory";
const otherwise = process.arch !== "x64" && "the registers it reads are those of x86-64";
const alone = availableParallelism() < 2 && "needs a processor for the victim and one for the caller";

const patience = 60_000;

test("who waits for the lock of a victim is told EINTR when it is killed itself, and nobody is told EAGAIN", {
  skip: lacksCall || mayNotLock || otherwise || alone || lacksPrograms("python3"),
}, () => {
  const program = join(repositoryRoot, "test/support/conformance/interrupted_release.py");
  const { stdout } = spawnSync("python3", [program], { encoding: "utf8", timeout: patience, killSignal: "SIGKILL" });
  assert.equal(errnoName(Number(stdout)), "EINTR", stdout);
});
