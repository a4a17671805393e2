import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { mib, uid } from "#domain/units.ts";
import { availableMib, hogUid, removeSettings, settingsFolder } from "#test/support/confined-settings.ts";
import { lacksHogs } from "#test/support/needs.ts";
import { startDaemon } from "#test/support/start-daemon.ts";
import { hasEnded, startHog } from "#test/support/start-hog.ts";

const live = { skip: lacksHogs, timeout: 60_000 };
/** Nobody a daemon of this test may choose. */
const cacheUid = uid(61_238);

after(removeSettings);

interface Marked {
  readonly path: string;
  readonly script: string;
  /** In MiB, from what is available now. */
  readonly low: number;
  readonly high: number;
}

const newPath = (): string => join(settingsFolder, `givers-${Math.random().toString(36).slice(2)}.toml`);

/** Settings that confine the daemon to the hog, with one hook. */
function write({ path, script, low, high }: Marked): void {
  const now = availableMib();
  const text = `
preset = "none"
[headroom]
min = "16MiB"
low = "${now + low}MiB"
high = "${now + high}MiB"
[notify]
deadline = "1s"
[[rule]]
verdict = "only"
uid = ${hogUid}
[[giver]]
name = "hook"
kind = "hook"
run = ["/bin/sh", "-c", ${JSON.stringify(script)}]
`;
  writeFileSync(path, text);
}

/** A daemon that was calm when it started and is short of memory by other settings: no memory has to be filled. */
async function startShort(marked: Marked) {
  write({ ...marked, low: -6144, high: -4096 });
  const daemon = startDaemon(["--config", marked.path]);
  await daemon.said("daemon.ready");
  write(marked);
  daemon.child.kill("SIGHUP");
  return daemon;
}

/** Whether anybody runs with these words among its arguments. */
const isRunning = (words: string): boolean =>
  readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .some((name) => {
      try {
        return readFileSync(`/proc/${name}/cmdline`, "utf8").replaceAll("\0", " ").includes(words);
      } catch {
        return false;
      }
    });

describe("the shipped daemon with a hook", () => {
  it("asks it when memory becomes short, and says what it gave", live, async () => {
    const cache = await startHog({ size: mib(200), uid: cacheUid, name: "cache" });
    const script = `kill -KILL ${cache.hog.pid}; echo gave all of it`;
    const daemon = await startShort({ path: newPath(), script, low: -4096, high: 4096 });
    try {
      const asked = await daemon.said("giver.asked");
      const gave = await daemon.said("giver.gave");
      assert.deepEqual([asked["giver"], asked["alarm_kind"]], ["hook", "approaching"]);
      assert.deepEqual([gave["ended"], gave["output"]], ["exit 0", "gave all of it"]);
      assert.ok(await hasEnded(cache.hog));
      assert.equal(await daemon.stop(), 0);
      assert.equal(daemon.entries.at(-1)?.["kills"], 0);
    } finally {
      await daemon.stop("SIGKILL");
      await cache.end();
    }
  });

  it("stops one that hangs with all it started, and the kill waits no longer than that", live, async () => {
    const { hog, end } = await startHog({ size: mib(128), uid: hogUid });
    const words = `sleep 61.${process.pid}`;
    const script = `trap "" TERM; ${words} & wait`;
    const daemon = await startShort({ path: newPath(), script, low: 2048, high: 4096 });
    try {
      const withheld = await daemon.said("kill.withheld");
      const failed = await daemon.said("giver.failed");
      const signalled = await daemon.said("victim.signalled");
      assert.equal(withheld["withheld_why"], "givers-asked");
      assert.equal(failed["ended"], "timed-out");
      assert.ok(Number(failed["took_ms"]) >= 1000);
      assert.equal(signalled["pid"], hog.pid);
      assert.ok(await hasEnded(hog));
      assert.equal(isRunning(words), false);
    } finally {
      await daemon.stop("SIGKILL");
      await end();
    }
  });

  it("leaves nobody waiting behind, however it ends", live, async () => {
    const words = `marker-${process.pid}`;
    const path = newPath();
    write({ path, script: `: ${words}`, low: -6144, high: -4096 });
    const daemon = startDaemon(["--config", path]);
    await daemon.said("daemon.ready");
    assert.equal(isRunning(words), true);
    await daemon.stop("SIGKILL");
    const deadline = performance.now() + 10_000;
    while (isRunning(words) && performance.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 10));
    assert.equal(isRunning(words), false);
  });
});
