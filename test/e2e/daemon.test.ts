import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { below, mib } from "#domain/units.ts";
import {
  calm,
  exhausted,
  hogUid,
  removeSettings,
  scarce,
  settings,
  settingsFolder,
} from "#test/support/confined-settings.ts";
import { lacksHogs, lacksSharers } from "#test/support/needs.ts";
import { killEnds, type Printed, startDaemon } from "#test/support/start-daemon.ts";
import { hasEnded, isProcessAlive, startHog } from "#test/support/start-hog.ts";

const live = { skip: lacksHogs, timeout: 60_000 };

after(removeSettings);

const order = (entries: readonly Printed[], wanted: readonly string[]): readonly string[] =>
  entries.map(({ event }) => event).filter((event) => wanted.includes(event));

describe("the shipped daemon", () => {
  it("asks a hog to end, watches for its memory, and says all of it", live, async () => {
    const { hog, end } = await startHog({ size: mib(128), uid: hogUid });
    const daemon = startDaemon(["--config", settings(scarce)]);
    try {
      const signalled = await daemon.said("victim.signalled");
      const { event: ending } = await daemon.said(...killEnds);
      assert.ok(await hasEnded(hog));
      const story = ["alarm.raised", "victim.signalled", "victim.exited", ending];
      assert.deepEqual(order(daemon.entries, story), story);
      assert.equal(signalled["signal"], "SIGTERM");
      assert.equal(signalled["pid"], hog.pid);
      assert.equal(signalled["watermark"], "low");
      assert.ok(Array.isArray(signalled["ranking"]) && signalled["ranking"].length === 1);
      assert.equal(signalled["eligible"], 1);
      assert.equal(await daemon.stop(), 0);
      assert.equal(daemon.entries.at(-1)?.["kills"], 1);
    } finally {
      await daemon.stop("SIGKILL");
      await end();
    }
  });

  it("kills a hog that ignores SIGTERM when its grace is over", live, async () => {
    const { hog, end } = await startHog({ size: mib(64), uid: hogUid, ignoresSigterm: true });
    const daemon = startDaemon(["--config", settings(scarce)]);
    try {
      const escalated = await daemon.said("victim.escalated");
      await daemon.said(...killEnds);
      assert.equal(escalated["signal"], "SIGKILL");
      assert.ok(await hasEnded(hog));
    } finally {
      await daemon.stop();
      await end();
    }
  });

  it("kills at once below min, both processes that share one memory, and leaves the bystander when it is told only one may go", {
    ...live,
    skip: lacksSharers,
  }, async () => {
    const hog = await startHog({ size: mib(128), uid: hogUid, isStopped: true, sharesMemory: true });
    const bystander = await startHog({ size: mib(32), uid: hogUid, name: "bystander" });
    const daemon = startDaemon(["--config", settings(exhausted), "--set", "kill.budget=1"]);
    try {
      const signalled = await daemon.said("victim.signalled");
      await daemon.said(...killEnds);
      assert.equal(signalled["signal"], "SIGKILL");
      assert.ok(hog.sharer !== undefined);
      assert.deepEqual(await Promise.all([hasEnded(hog.hog), hasEnded(hog.sharer)]), [true, true]);
      assert.ok(Array.isArray(signalled["sharers"]) && signalled["sharers"].length === 1);
      const withheld = await daemon.said("kill.withheld");
      assert.equal(withheld["withheld_why"], "budget-spent");
      assert.equal(isProcessAlive(bystander.hog), true);
    } finally {
      await daemon.stop();
      await Promise.all([hog.end(), bystander.end()]);
    }
  });

  it("holds no more memory and descriptors than a small daemon may", live, async () => {
    const daemon = startDaemon(["--config", settings(calm)]);
    try {
      await daemon.said("daemon.ready");
      const { rss, descriptors } = daemon.usage();
      assert.ok(below(rss, mib(110)), `${rss} KiB resident`);
      assert.ok(descriptors <= 40, `${descriptors} descriptors`);
    } finally {
      await daemon.stop();
    }
  });

  it("takes new settings on SIGHUP, and keeps the last good ones when the new are refused", live, async () => {
    const path = settings(calm);
    const daemon = startDaemon(["--config", path]);
    try {
      await daemon.said("daemon.ready");
      const good = readFileSync(path, "utf8");
      writeFileSync(path, `${good}[pacing]\nclam = "1s"\n`);
      daemon.child.kill("SIGHUP");
      const refused = await daemon.said("config.refused");
      assert.match(String(refused["problems"]), /calm/);
      writeFileSync(path, `${good}[policy]\nname = "kernel"\n`);
      daemon.child.kill("SIGHUP");
      const reloaded = await daemon.said("config.reloaded");
      assert.equal(reloaded["policy"], "kernel");
      assert.equal(await daemon.stop("SIGINT"), 0);
    } finally {
      await daemon.stop("SIGKILL");
    }
  });

  it("finishes its goodbye however often the first Ctrl-C is repeated", { timeout: 60_000 }, async () => {
    const daemon = startDaemon(["--dry-run", "--config", settings(calm)]);
    await daemon.said("daemon.ready");
    const echo = setInterval(() => daemon.child.kill("SIGINT"), 1);
    try {
      assert.equal(await daemon.stop("SIGINT"), 0);
      assert.equal(daemon.entries.at(-1)?.event, "daemon.stopped");
    } finally {
      clearInterval(echo);
    }
  });

  const canTrace = spawnSync("strace", ["-V"]).status === 0;
  const traced = {
    skip: lacksHogs || (canTrace ? false : "strace is not installed"),
    timeout: 60_000,
  };

  it("touches nobody in a dry run: it makes no system call that could", traced, async () => {
    const { hog, end } = await startHog({ size: mib(64), uid: hogUid });
    const trace = join(settingsFolder, "trace");
    const strace = [
      "strace",
      "-f",
      "-o",
      trace,
      "-e",
      "trace=kill,tkill,tgkill,pidfd_send_signal,process_mrelease,pidfd_open",
    ];
    const daemon = startDaemon(["--dry-run", "--once", "--config", settings(exhausted)], strace);
    try {
      const rehearsed = await daemon.said("kill.rehearsed");
      assert.equal(rehearsed["pid"], hog.pid);
      await daemon.said("daemon.stopped");
      assert.equal(isProcessAlive(hog), true);
      const calls = readFileSync(trace, "utf8").split("\n");
      assert.ok(calls.length > 1, "nothing was traced");
      const touching = calls.filter((call) => call.includes(String(hog.pid)) || call.includes("pidfd_send_signal"));
      assert.deepEqual(touching, []);
    } finally {
      await daemon.stop("SIGKILL");
      await end();
    }
  });
});
