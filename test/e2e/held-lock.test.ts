import assert from "node:assert/strict";
import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { after, describe, it } from "node:test";
import { mib } from "#domain/units.ts";
import { calm, confined, exhausted, hogUid, removeSettings, settings } from "#test/support/confined-settings.ts";
import { holdLock } from "#test/support/lock-holder.ts";
import { lacksHogs, lacksPrograms } from "#test/support/needs.ts";
import { killEnds, startDaemon } from "#test/support/start-daemon.ts";
import { hasEnded, startHog } from "#test/support/start-hog.ts";

after(removeSettings);

/** A rule by arguments, so that those of all processes are read in calm. */
const byArguments = '[[rule]]\nverdict = "avoid"\ncmdline = "*no such argument*"\n';

/** Libuv's pool, which starts with the first reaping, and as many threads as may hang at once, with one that is idle. */
const startedByKill = 4 + 4 + 1;

const lacksMeans =
  lacksPrograms("python3") ||
  lacksHogs ||
  (existsSync("/dev/fuse") ? false : "needs a file system of its own (/dev/fuse)");

describe("a process whose memory stays locked", { skip: lacksMeans, timeout: 60_000 }, () => {
  it("hangs no daemon that wants to know its arguments: it is told and asked once, and a kill happens", async (t) => {
    const holder = await holdLock();
    if (typeof holder === "string") {
      t.skip(holder);
      return;
    }
    await using locked = holder;
    const { hog, end } = await startHog({ size: mib(64), uid: hogUid });
    const path = settings(calm);
    writeFileSync(path, confined(calm) + byArguments);
    const daemon = startDaemon(["--config", path, "--set", "pacing.table_every=1s"]);
    const countThreads = () => readdirSync(`/proc/${daemon.child.pid}/task`).length;
    try {
      // On a busy machine others may be slow to answer as well.
      const subject = `/proc/${locked.pid}/cmdline`;
      assert.equal((await daemon.saidOf("read.hung", subject))["errno"], "ETIMEDOUT");
      const before = countThreads();
      writeFileSync(path, confined(exhausted) + byArguments);
      daemon.child.kill("SIGHUP");
      assert.ok(await hasEnded(hog), "the daemon waits for the lock");
      await daemon.said(...killEnds);
      assert.ok(countThreads() <= before + startedByKill, `${countThreads()} threads, and ${before} before`);
      assert.equal(daemon.entries.filter((entry) => entry["subject"] === subject).length, 1);
      assert.equal(await daemon.stop(), 0, "it cannot go while the lock is held");
    } finally {
      await daemon.stop("SIGKILL");
      await end();
    }
  });
});
