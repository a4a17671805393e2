/* A daemon in a memcg that is too small for all who are in it: the kernel takes pages of files away as fast as they are read. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { kibToBytes, mib } from "#domain/units.ts";
import { calm, confined, hogUid, removeSettings, settingsFolder } from "#test/support/confined-settings.ts";
import { lacksStage, openStage } from "#test/support/conformance/stage.ts";
import { until } from "#test/support/conformance/until.ts";
import { lacksV1, makeV1Cgroup, type V1Cgroup } from "#test/support/conformance/v1-cgroup.ts";
import { type Held, lacksWholeLock, unlockedOf } from "#test/support/held-memory.ts";
import { killEnds, type RunningDaemon, startDaemon } from "#test/support/start-daemon.ts";
import { identityOf, isProcessAlive } from "#test/support/start-hog.ts";

const live = { skip: lacksV1("memory") || lacksStage(), timeout: 120_000 };
/** Some 20 MiB for the daemon, 10 for the stage, 100 of Node's file, and what is read in a circle. */
const limit = mib(112);
/** So often its members ran into the limit, and had pages taken away. */
const oftenReclaimed = 20_000;
/** Of 20 and more, when a single function of the kill is compiled in it; mostly none, now and then a few pages of constants. */
const mostFaults = 8;
/** On a busy machine a rehearsal may be cut short, and leave something out: what all of them leave out is a mistake. */
const mostDaemons = 3;

after(removeSettings);

/** Its program is a file of its own, read by nobody else: a page belongs to the memcg of who reads it first. */
function startInside(memcg: V1Cgroup, folder: string): RunningDaemon {
  const path = join(folder, "settings.toml");
  const watched = `[[memcg]]\npath = "${memcg.path}"\nmin = "8MiB"\nlow = "24MiB"\nhigh = "32MiB"\n`;
  writeFileSync(path, `${confined(calm)}${watched}`);
  const node = join(folder, "node");
  const script = `echo $$ > ${memcg.path}/cgroup.procs; cp "$1" ${node}; sync ${node}; shift; exec ${node} "$@"`;
  return startDaemon(["--config", path], ["sh", "-c", script, "sh"]);
}

/** Reads more than fits in, again and again: a file of holes, so that it takes no disk. */
function startReading(memcg: V1Cgroup, folder: string): ChildProcess {
  const file = join(folder, "holes");
  writeFileSync(file, "");
  truncateSync(file, kibToBytes(mib(512)));
  const script = `echo $$ > ${memcg.path}/cgroup.procs; until [ $(date +%s) -ge $0 ]; do cat ${file}; done`;
  return spawn("sh", ["-c", script, String(Math.ceil((Date.now() + live.timeout) / 1000))], { stdio: "ignore" });
}

/** Of all its threads, those that have ended as well. @see fs/proc/array.c: do_task_stat (maj_flt) */
const majorFaults = ({ child }: RunningDaemon): number =>
  Number(readFileSync(`/proc/${child.pid}/stat`, "utf8").split(") ").at(-1)?.split(" ")[9]);

/** What the kernel could take away, where all could have been locked. */
const unlocked = ({ child }: RunningDaemon): readonly Held[] =>
  lacksWholeLock() === false && child.pid !== undefined ? unlockedOf(child.pid) : [];

/** Kills by the kernel's own OOM killer in a memcg, whose limit is near: on a busy machine it may be first. */
const kernelKills = (memcg: V1Cgroup): number =>
  Number(/^oom_kill (\d+)$/m.exec(memcg.read("memory.oom_control"))?.[1]);

/** Major faults of a daemon from the start of a hog to its end, in a memcg that thrashes. Infinitely many: the kernel killed the hog. */
async function countFaults(): Promise<number> {
  const folder = mkdtempSync(join(settingsFolder, "thrash-"));
  await using memcg = makeV1Cgroup("memory");
  await using stage = openStage();
  const daemon = startInside(memcg, folder);
  try {
    await daemon.said("daemon.settled");
    assert.deepEqual(unlocked(daemon), []);
    memcg.write("memory.limit_in_bytes", String(kibToBytes(limit)));
    // They end with the memcg.
    const readers = [1, 2].map(() => startReading(memcg, folder));
    await until("pages are taken away", () => Number(memcg.read("memory.failcnt")) > oftenReclaimed);
    const before = majorFaults(daemon);
    const growth = { growthKiB: mib(128), growthSeconds: 3 };
    const wish = { cgroups: [memcg.path], uid: hogUid, oomScoreAdj: 1000, anonKiB: mib(16), ...growth };
    const hog = identityOf((await stage.start(wish)).pid);
    await until("somebody ends the hog", () => !isProcessAlive(hog));
    if (kernelKills(memcg) > 0) return Number.POSITIVE_INFINITY;
    const { pid } = await daemon.said("victim.signalled");
    await daemon.said(...killEnds);
    const faults = majorFaults(daemon) - before;
    assert.deepEqual(unlocked(daemon), []);
    for (const reader of readers) reader.kill("SIGKILL");
    await Promise.all(readers.map((reader) => reader.exitCode ?? reader.signalCode ?? once(reader, "exit")));
    assert.equal(pid, hog.pid);
    return faults;
  } finally {
    await daemon.stop();
  }
}

test("a kill pages nearly nothing in, while the kernel takes all pages away that are not locked", live, async (t) => {
  let fewest = Number.POSITIVE_INFINITY;
  for (let n = 0; n < mostDaemons && fewest > mostFaults; n += 1) {
    const faults = await countFaults();
    t.diagnostic(`${faults} major faults from the start of a hog to its end`);
    fewest = Math.min(fewest, faults);
  }
  assert.ok(fewest <= mostFaults, `${fewest} major faults`);
});
