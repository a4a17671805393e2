import assert from "node:assert/strict";
import { chmodSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { confined, removeSettings, scarce, settingsFolder } from "#test/support/confined-settings.ts";
import { type RunningDaemon, startDaemon } from "#test/support/start-daemon.ts";

after(removeSettings);

/** A daemon that touches nobody, and its settings. */
async function withDaemon(more: string, use: (daemon: RunningDaemon, path: string) => Promise<void>): Promise<void> {
  const path = join(settingsFolder, "tidemark.toml");
  writeFileSync(path, `preset = "none"\n${more}`);
  const daemon = startDaemon(["--dry-run", "--config", path]);
  try {
    await daemon.said("daemon.ready");
    await use(daemon, path);
    assert.equal(await daemon.stop(), 0);
  } finally {
    await daemon.stop("SIGKILL");
  }
}

describe("a reload", { timeout: 60_000 }, () => {
  it("keeps what is in force when the file has gone", async () => {
    await withDaemon("", async (daemon, path) => {
      rmSync(path);
      daemon.child.kill("SIGHUP");
      const { problems } = await daemon.said("config.refused");
      assert.match(String(problems), /ENOENT/);
    });
  });

  it("says where the mistakes are, and of many mistakes the first ten", async () => {
    await withDaemon("", async (daemon, path) => {
      writeFileSync(path, Array.from({ length: 5000 }, (_, n) => `mistake${n} = 1\n`).join(""));
      daemon.child.kill("SIGHUP");
      const { problems } = await daemon.said("config.refused");
      assert.ok(Array.isArray(problems));
      assert.equal(problems.length, 11);
      assert.match(String(problems[1]), /^.*\.toml:2: Cannot use mistake1/);
      assert.equal(problems[10], "and 4990 more");
    });
  });

  it("is followed by a look under the new plan at once, however long the old one would wait", async () => {
    const slow = `[pacing]\ncalm = "1min"\nnear = "10s"\n`;
    await withDaemon(slow, async (daemon, path) => {
      writeFileSync(path, confined(scarce));
      daemon.child.kill("SIGHUP");
      const { time: reloaded } = await daemon.said("config.reloaded");
      const { time: raised } = await daemon.said("alarm.raised");
      assert.ok(Date.parse(String(raised)) - Date.parse(String(reloaded)) < 9000);
    });
  });

  it("says which settings wait for the next start", async () => {
    await withDaemon("", async (daemon, path) => {
      writeFileSync(path, `preset = "none"\n[journal]\nlevel = "debug"\n`);
      daemon.child.kill("SIGHUP");
      const { advice } = await daemon.said("config.advised");
      assert.match(String(advice), /^journal\.level .* waits for the next start$/);
    });
  });

  it("warns as the start does", {
    skip: process.geteuid?.() === 0 ? false : "only root is warned of others",
  }, async () => {
    await withDaemon("", async (daemon, path) => {
      chmodSync(path, 0o666);
      daemon.child.kill("SIGHUP");
      const { advice } = await daemon.said("config.advised");
      assert.match(String(advice), /^.*\.toml:1: Cannot trust/);
    });
  });
});
