/* A memcg that a test made becomes short because its limit falls: one of the cgroups inside goes whole, and a larger process beside it lives. */
import assert from "node:assert/strict";
import { mkdirSync, rmdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { after, test } from "node:test";
import { type KiB, kibToBytes, mib } from "#domain/units.ts";
import { calm, confined, hogUid, removeSettings, settingsFolder } from "#test/support/confined-settings.ts";
import { lacksStage, openStage } from "#test/support/conformance/stage.ts";
import { until } from "#test/support/conformance/until.ts";
import { lacksV1, makeV1Cgroup } from "#test/support/conformance/v1-cgroup.ts";
import { killEnds, startDaemon } from "#test/support/start-daemon.ts";
import { hasEnded, identityOf, isProcessAlive } from "#test/support/start-hog.ts";

const live = { skip: lacksV1("memory") || lacksStage(), timeout: 120_000 };

after(removeSettings);

/** A cgroup inside of another, which can be removed as soon as nobody is left in it. */
function makeInside(path: string): AsyncDisposable {
  mkdirSync(path);
  return {
    [Symbol.asyncDispose]: () =>
      until("it is empty", () => {
        try {
          rmdirSync(path);
          return true;
        } catch {
          return false;
        }
      }),
  };
}

test("of two cgroups the larger goes with all in it, although the largest process is in the other", live, async () => {
  await using memcg = makeV1Cgroup("memory");
  memcg.write("memory.limit_in_bytes", String(kibToBytes(mib(600))));
  const [job, db] = [`${memcg.path}/job`, `${memcg.path}/db`];
  await using _job = makeInside(job);
  await using _db = makeInside(db);
  await using stage = openStage();
  const start = async (cgroup: string, anonKiB: KiB) =>
    identityOf((await stage.start({ uid: hogUid, oomScoreAdj: 1000, cgroups: [cgroup], anonKiB })).pid);
  const [largest, first, second] = [await start(db, mib(80)), await start(job, mib(60)), await start(job, mib(70))];
  const settings = join(settingsFolder, `${basename(memcg.path)}.toml`);
  const marks = 'min = "48MiB"\nlow = "64MiB"\nhigh = "80MiB"\nkill_by = "size"\n';
  writeFileSync(settings, `${confined(calm)}[[memcg]]\npath = "${memcg.path}"\n${marks}`);
  const daemon = startDaemon(["--config", settings]);
  try {
    await daemon.said("memcg.watched");
    // Whoever is to be chosen has been there before: a newcomer may still have been root's when it was looked at.
    const used = Number(memcg.read("memory.usage_in_bytes"));
    memcg.write("memory.limit_in_bytes", String(used + kibToBytes(mib(56))));
    const signalled = await daemon.said("victim.signalled");
    await daemon.said(...killEnds);
    assert.deepEqual([await hasEnded(first), await hasEnded(second)], [true, true]);
    assert.deepEqual([signalled["chosen_by"], basename(String(signalled["chosen_memcg"]))], ["size", "job"]);
    assert.equal(isProcessAlive(largest), true);
  } finally {
    await daemon.stop();
  }
});
