/*
 * Every refusal of pidfd_open(2) that a process can be brought to, provoked for real. One cannot be: ENFILE, no file left on the whole
 * machine. Who has CAP_SYS_ADMIN may go beyond fs.file-max (v6.12 fs/file_table.c: alloc_empty_file), and anybody else would
 * have to take every descriptor from everybody.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { type Pid, pid } from "#domain/units.ts";
import { errnoName } from "#native-bindings/errno.ts";
import { openPidfd } from "#native-bindings/pidfd.ts";
import { ownPid } from "#native-bindings/process-ids.ts";
import { openKernelEyes } from "#test/support/conformance/kernel-eyes.ts";
import { answerOf } from "#test/support/conformance/mrelease.ts";
import { lacksV1, makeV1Cgroup } from "#test/support/conformance/v1-cgroup.ts";
import { lacksPrograms } from "#test/support/needs.ts";
import { repositoryRoot } from "#test/support/repository.ts";

const lacksCall = !openKernelEyes().capabilities.hasPidfd && "pidfd_open is of Linux 5.3";
const skip = lacksCall || lacksPrograms("python3");

const patience = 60_000;

const answer = (of: number, flags = 0): string => answerOf("pidfd_open", [of, flags]);

/** What it says to a program that has brought itself to be refused. */
function refusalOf(...args: readonly string[]): string {
  const program = join(repositoryRoot, "test/support/conformance/pidfd_open.py");
  const { status } = spawnSync("python3", [program, ...args], { timeout: patience, killSignal: "SIGKILL" });
  return errnoName(status ?? 0);
}

test("nobody of that id is ESRCH, and no id or no such flag is EINVAL", { skip: lacksCall }, () => {
  const beyondPidMax = 4_194_305;
  assert.deepEqual(
    [answer(beyondPidMax), answer(0), answer(-1), answer(ownPid(), 1)],
    ["ESRCH", "EINVAL", "EINVAL", "EINVAL"],
  );
});

test("a thread that leads nobody is refused as its release does it, and is nobody to us", { skip: lacksCall }, () => {
  const isOther = (id: Pid): boolean => id !== ownPid();
  const thread = readdirSync("/proc/self/task")
    .map((name) => pid(Number(name)))
    .find(isOther);
  assert.ok(thread !== undefined, "Node has threads");
  assert.ok(["ENOENT", "EINVAL"].includes(answer(thread)), answer(thread));
  assert.equal(openPidfd(thread), undefined);
});

test("no descriptor left is EMFILE", { skip }, () => assert.equal(refusalOf("EMFILE"), "EMFILE"));

test("no memory left in a memcg where nobody may be killed is ENOMEM", {
  skip: skip || lacksV1("memory"),
}, async () => {
  await using memcg = makeV1Cgroup("memory");
  assert.equal(refusalOf("ENOMEM", memcg.path), "ENOMEM");
});
