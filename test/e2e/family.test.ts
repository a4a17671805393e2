/* A family as the unit of a kill, on the real kernel: processes that are started on and on, in a cgroup and of a user of their own. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { after, test } from "node:test";
import { confined, exhausted, hogUid, removeSettings, settingsFolder } from "#test/support/confined-settings.ts";
import { lacksStage } from "#test/support/conformance/stage.ts";
import { until } from "#test/support/conformance/until.ts";
import { lacksV1, makeV1Cgroup, type V1Cgroup } from "#test/support/conformance/v1-cgroup.ts";
import { repositoryRoot } from "#test/support/repository.ts";
import { startDaemon } from "#test/support/start-daemon.ts";

const live = { skip: lacksV1("memory") || lacksStage(), timeout: 60_000 };

after(removeSettings);

/** Ends by itself in ten seconds, with all it started. */
const startStorm = (memcg: V1Cgroup): ChildProcess =>
  spawn("python3", [join(repositoryRoot, "test/support/conformance/storm.py"), memcg.path, String(hogUid)], {
    stdio: ["ignore", "ignore", "inherit"],
  });

/** Memory is exhausted, and nobody may be chosen but members of the cgroup who are of that user. */
function settingsFor(memcg: V1Cgroup): string {
  const path = join(settingsFolder, `${basename(memcg.path)}.toml`);
  writeFileSync(path, `${confined(exhausted)}cgroup = "/${basename(memcg.path)}"\n`);
  return path;
}

test("a dry run names the family that would die, and leaves all of it alone", live, async () => {
  await using memcg = makeV1Cgroup("memory");
  const storm = startStorm(memcg);
  await until("the storm has begun", () => memcg.members().length >= 10);
  const daemon = startDaemon(["--dry-run", "--config", settingsFor(memcg), "--set", "kill.unit=family"]);
  try {
    const rehearsed = await daemon.said("kill.rehearsed");
    assert.equal(rehearsed["kill_unit"], "family");
    assert.ok(Number(rehearsed["group_processes"]) >= 9, String(rehearsed["group_processes"]));
    assert.deepEqual([storm.exitCode, storm.signalCode], [null, null]);
  } finally {
    await daemon.stop();
  }
});

test("processes that start others on and on are ended by the kill of their family", live, async () => {
  await using memcg = makeV1Cgroup("memory");
  const storm = startStorm(memcg);
  const exited = once(storm, "exit");
  await until("the storm has begun", () => memcg.members().length >= 10);
  const daemon = startDaemon(["--config", settingsFor(memcg), "--set", "kill.unit=family"]);
  try {
    const signalled = await daemon.said("victim.signalled");
    assert.equal(signalled["kill_unit"], "family");
    assert.ok(Number(signalled["group_processes"]) >= 9, String(signalled["group_processes"]));
    assert.equal(signalled["signal"], "SIGKILL");
    // The clock would end it with SIGALRM: it was killed.
    assert.deepEqual(await exited, [null, "SIGKILL"]);
    await until("nobody is left in the cgroup", () => memcg.members().length === 0);
  } finally {
    await daemon.stop();
  }
});
