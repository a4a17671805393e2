import assert from "node:assert/strict";
import { test } from "node:test";
import type { Pidfd } from "#domain/units.ts";
import { closeFd } from "#native-bindings/file.ts";
import { makeKillBatch } from "#native-bindings/kill-batch.ts";
import { openPidfd } from "#native-bindings/pidfd.ts";
import { startSleeper } from "./sleeper.ts";

test("one batch kills the victim and those who share with it, and no one else", async () => {
  await using bystander = await startSleeper();
  const sleepers = [await startSleeper(), await startSleeper()];
  const [victim, sharer] = sleepers.map(({ pid }) => openPidfd(pid));
  assert.ok(victim !== undefined && sharer !== undefined);
  using batch = makeKillBatch();
  const { result } = batch.start([victim, sharer]);
  const { signalFailure, release } = await result;
  assert.equal(signalFailure, undefined);
  assert.ok(release.kind === "released" || release.kind === "detached", release.kind);
  assert.deepEqual(await Promise.all(sleepers.map(({ ended }) => ended)), ["SIGKILL", "SIGKILL"]);
  assert.equal(bystander.child.exitCode ?? bystander.child.signalCode, null);
  closeFd(victim);
  closeFd(sharer);
});

test("a victim that has been waited for is no failure", async () => {
  const sleeper = await startSleeper();
  const pidfd = openPidfd(sleeper.pid);
  assert.ok(pidfd !== undefined);
  sleeper.child.kill("SIGKILL");
  await sleeper.ended;
  using batch = makeKillBatch();
  assert.deepEqual(await batch.start([pidfd]).result, { signalFailure: undefined, release: { kind: "detached" } });
  closeFd(pidfd);
});

test("a descriptor that is no pidfd is a failure that names it", async () => {
  using batch = makeKillBatch();
  const { signalFailure, release } = await batch.start([-1 as Pidfd]).result;
  assert.equal(signalFailure?.errno, "EBADF");
  assert.equal(release.kind, "failed");
});
