/* A memcg that a test made runs short: the daemon ends a member of it before the kernel has to, and nobody outside. */
import assert from "node:assert/strict";
import { mkdirSync, rmdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { after, test } from "node:test";
import { kibToBytes, mib } from "#domain/units.ts";
import { calm, confined, hogUid, removeSettings, settingsFolder } from "#test/support/confined-settings.ts";
import { lacksStage, openStage } from "#test/support/conformance/stage.ts";
import { lacksV1, makeV1Cgroup, type V1Cgroup } from "#test/support/conformance/v1-cgroup.ts";
import { type RunningDaemon, startDaemon } from "#test/support/start-daemon.ts";
import { hasEnded, identityOf, isProcessAlive, startHog } from "#test/support/start-hog.ts";

const live = { skip: lacksV1("memory") || lacksStage(), timeout: 60_000 };
const limit = mib(200);

after(removeSettings);

function makeLimited(): V1Cgroup {
  const memcg = makeV1Cgroup("memory");
  memcg.write("memory.limit_in_bytes", String(kibToBytes(limit)));
  return memcg;
}

/** The machine has plenty, and only hogs may be chosen. */
function watch(memcg: V1Cgroup, marks: string): RunningDaemon {
  const path = join(settingsFolder, `${basename(memcg.path)}.toml`);
  writeFileSync(path, `${confined(calm)}[[memcg]]\npath = "${memcg.path}"\n${marks}`);
  return startDaemon(["--config", path]);
}

/** How often its members ran into the limit, and how many of them the kernel killed. */
const troubleIn = (memcg: V1Cgroup) => [
  Number(memcg.read("memory.failcnt")),
  Number(/^oom_kill (\d+)$/m.exec(memcg.read("memory.oom_control"))?.[1]),
];

test(
  "a hog that approaches the limit of its memcg goes before the kernel kills, and a larger one outside lives",
  live,
  async () => {
    await using memcg = makeLimited();
    await using stage = openStage();
    const neighbour = await startHog({ size: mib(256), uid: hogUid });
    const daemon = watch(memcg, 'min = "48MiB"\nlow = "96MiB"\nhigh = "128MiB"\n');
    try {
      const watched = await daemon.said("memcg.watched");
      assert.equal(watched["limit_kib"], limit);
      const actor = await stage.start({
        cgroups: [memcg.path],
        uid: hogUid,
        oomScoreAdj: 1000,
        anonKiB: mib(40),
        growthKiB: mib(256),
        growthSeconds: 5,
      });
      const hog = identityOf(actor.pid);
      const signalled = await daemon.said("victim.signalled");
      await daemon.said("memory.back");
      assert.ok(await hasEnded(hog));
      const { pid, eligible, watermark, zone, signal } = signalled;
      assert.deepEqual([pid, eligible, watermark, zone, signal], [hog.pid, 1, "low", "headroom", "SIGTERM"]);
      assert.equal(basename(String(signalled["scope_memcg"])), basename(memcg.path));
      assert.equal((await daemon.said("alarm.cleared"))["scope_memcg"], signalled["scope_memcg"]);
      assert.deepEqual(troubleIn(memcg), [0, 0]);
      assert.ok(isProcessAlive(neighbour.hog));
    } finally {
      await daemon.stop();
      await neighbour.end();
    }
  },
);

test("a member that jumps below min is killed at once, and another one that holds less lives", live, async () => {
  await using memcg = makeLimited();
  await using stage = openStage();
  const wish = { cgroups: [memcg.path], uid: hogUid, oomScoreAdj: 1000 };
  const small = identityOf((await stage.start({ ...wish, anonKiB: mib(24) })).pid);
  const daemon = watch(memcg, 'min = "48MiB"\nlow = "56MiB"\nhigh = "64MiB"\n');
  try {
    await daemon.said("memcg.watched");
    const large = identityOf((await stage.start({ ...wish, anonKiB: mib(8), growthKiB: mib(140) })).pid);
    const signalled = await daemon.said("victim.signalled");
    await daemon.said("memory.back");
    assert.ok(await hasEnded(large));
    assert.deepEqual([signalled["pid"], signalled["eligible"]], [large.pid, 2]);
    assert.deepEqual(troubleIn(memcg), [0, 0]);
    assert.ok(isProcessAlive(small));
  } finally {
    await daemon.stop();
  }
});

test("a memcg that is not there yet is no mistake, and is watched when it comes", live, async () => {
  await using memcg = makeLimited();
  const later = `${memcg.path}/later`;
  const daemon = watch({ ...memcg, path: later }, "");
  try {
    assert.equal((await daemon.said("memcg.unwatched"))["standing"], "absent");
    mkdirSync(later);
    writeFileSync(`${later}/memory.limit_in_bytes`, String(kibToBytes(mib(64))));
    assert.equal((await daemon.said("memcg.watched"))["limit_kib"], mib(64));
  } finally {
    assert.equal(await daemon.stop(), 0);
    rmdirSync(later);
  }
});
