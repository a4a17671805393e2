/* What rules say of a kill, on the real kernel: hogs of the test's own user, and watermarks around what is available now. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { kib, kibToMiB, mib, scale } from "#domain/units.ts";
import {
  confined,
  exhausted,
  hogUid,
  type Marks,
  removeSettings,
  scarce,
  settingsFolder,
} from "#test/support/confined-settings.ts";
import { lacksHogs } from "#test/support/needs.ts";
import { killEnds, startDaemon } from "#test/support/start-daemon.ts";
import { hasEnded, isProcessAlive, startHog } from "#test/support/start-hog.ts";

const live = { skip: lacksHogs, timeout: 60_000 };

after(removeSettings);

/** The file of settings that confine a daemon to the hogs, with more rules about them. */
function settingsWith(name: string, marks: Marks, rules: readonly string[]): string {
  const path = join(settingsFolder, `${name}.toml`);
  const more = rules.map((rule) => `[[rule]]\n${rule}\nuid = ${hogUid}\n`).join("");
  writeFileSync(path, `${confined(marks)}${more}`);
  return path;
}

const meminfo = readFileSync("/proc/meminfo", "utf8");
const figure = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(meminfo)?.[1] ?? 0);
/** Enough to be first: a five-hundredth of RAM and swap, and some more. */
const useful = mib(Math.ceil(kibToMiB(kib(figure("MemTotal") + figure("SwapTotal"))) / 500) + 24);
const lacksRoom = useful > mib(120) && "a machine on which a hog that is of use is too large for a test";

/** Twice as large goes later, and lives: the daemon is stopped after one. */
test("whoever is first goes before one that is twice as large and preferred", {
  ...live,
  skip: lacksHogs || lacksRoom,
}, async () => {
  const small = await startHog({ name: "small-hog", size: useful, uid: hogUid });
  const large = await startHog({ name: "large-hog", size: scale(useful, 2), uid: hogUid });
  const rules = ['verdict = "first"\nname = "small-hog"', 'verdict = "prefer"\nname = "large-hog"'];
  const daemon = startDaemon(["--config", settingsWith("first", scarce, rules), "--set", "kill.budget=1"]);
  try {
    const signalled = await daemon.said("victim.signalled");
    assert.equal(signalled["pid"], small.hog.pid);
    assert.ok(await hasEnded(small.hog));
    await daemon.said("kill.withheld");
    assert.equal(isProcessAlive(large.hog), true);
  } finally {
    await daemon.stop();
    await Promise.all([small.end(), large.end()]);
  }
});

test("a rule's signal is what is sent while there is time, and SIGKILL below min", live, async () => {
  for (const [marks, expected] of [
    [scarce, "SIGINT"],
    [exhausted, "SIGKILL"],
  ] as const) {
    const { hog, end } = await startHog({ uid: hogUid });
    const path = settingsWith(`signal-${expected}`, marks, ['signal = "SIGINT"']);
    const daemon = startDaemon(["--config", path]);
    try {
      const signalled = await daemon.said("victim.signalled");
      assert.deepEqual([signalled["signal"], signalled["pid"]], [expected, hog.pid]);
      assert.ok(await hasEnded(hog));
    } finally {
      await daemon.stop();
      await end();
    }
  }
});

test("a rule's grace is how long somebody has who does not listen", live, async () => {
  const { hog, end } = await startHog({ uid: hogUid, ignoresSigterm: true });
  const path = settingsWith("grace", scarce, ['verdict = "prefer"\ngrace = "1200ms"']);
  const daemon = startDaemon(["--config", path]);
  try {
    const [signalled, escalated] = [await daemon.said("victim.signalled"), await daemon.said("victim.escalated")];
    await daemon.said(...killEnds);
    assert.equal(escalated["trigger"], "grace-over");
    const waited = Date.parse(String(escalated["time"])) - Date.parse(String(signalled["time"]));
    // The settings say 300 ms of everybody else.
    assert.ok(waited >= 1100, `${waited} ms`);
    assert.ok(await hasEnded(hog));
  } finally {
    await daemon.stop();
    await end();
  }
});

test("a rule's kill_unit is what dies: the hogs that one parent started, at one blow", live, async () => {
  const hogs = await Promise.all([1, 2, 3].map(() => startHog({ name: "job", size: mib(32), uid: hogUid })));
  const path = settingsWith("unit", exhausted, ['name = "job"\nkill_unit = "family"']);
  const daemon = startDaemon(["--config", path, "--set", "kill.unit=process"]);
  try {
    const signalled = await daemon.said("victim.signalled");
    assert.deepEqual([signalled["kill_unit"], signalled["group_processes"]], ["family", 2]);
    assert.deepEqual(await Promise.all(hogs.map(({ hog }) => hasEnded(hog))), [true, true, true]);
  } finally {
    await daemon.stop();
    await Promise.all(hogs.map(({ end }) => end()));
  }
});

test("whoever a rule protects lives, though it is the only one that may be chosen", live, async () => {
  const { hog, end } = await startHog({ name: "kept-hog", uid: hogUid });
  const daemon = startDaemon(["--config", settingsWith("never", exhausted, ['verdict = "never"\nname = "kept-hog"'])]);
  try {
    const withheld = await daemon.said("kill.withheld");
    assert.equal(withheld["withheld_why"], "no-candidate");
    assert.equal(isProcessAlive(hog), true);
  } finally {
    await daemon.stop();
    await end();
  }
});

test("somebody who is avoided goes after one of half its size", live, async () => {
  const avoided = await startHog({ name: "dear-hog", size: mib(128), uid: hogUid });
  const other = await startHog({ name: "other-hog", size: mib(64), uid: hogUid });
  const path = settingsWith("avoid", scarce, ['verdict = "avoid"\nname = "dear-hog"']);
  const daemon = startDaemon(["--config", path, "--set", "kill.budget=1"]);
  try {
    assert.equal((await daemon.said("victim.signalled"))["pid"], other.hog.pid);
    await daemon.said("kill.withheld");
    assert.equal(isProcessAlive(avoided.hog), true);
  } finally {
    await daemon.stop();
    await Promise.all([avoided.end(), other.end()]);
  }
});
