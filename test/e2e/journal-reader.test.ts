import assert from "node:assert/strict";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { after, describe, it } from "node:test";
import { mib } from "#domain/units.ts";
import {
  calm,
  confined,
  exhausted,
  hogUid,
  removeSettings,
  settings,
  wordyMistakes,
} from "#test/support/confined-settings.ts";
import { lacksHogs, lacksPrograms } from "#test/support/needs.ts";
import { reload } from "#test/support/reload.ts";
import { listenAt } from "#test/support/service-manager.ts";
import { startDaemon } from "#test/support/start-daemon.ts";
import { hasEnded, startHog } from "#test/support/start-hog.ts";

const live = { skip: lacksHogs, timeout: 60_000 };

after(removeSettings);

/** Their telling takes some eighty kilobytes. */
const unreadMistakes = wordyMistakes(4000);
/** More than a pipe, Node and the journal's own ring hold together. */
const unreadReloads = 12;

describe("a daemon whose journal nobody reads", () => {
  const heard = { ...live, skip: live.skip || lacksPrograms("python3", "env") };

  it("kills all the same, and says later how many lines are lost", heard, async () => {
    const address = `@tidemark-unread-${process.pid}`;
    await using manager = await listenAt(address);
    const { hog, end } = await startHog({ size: mib(64), uid: hogUid });
    const path = settings(calm);
    const daemon = startDaemon(["--config", path], ["env", `NOTIFY_SOCKET=${address}`]);
    try {
      await daemon.said("daemon.ready");
      daemon.child.stderr?.pause();
      writeFileSync(path, unreadMistakes);
      for (let unread = 0; unread < unreadReloads; unread += 1) await reload(daemon.child, manager);
      writeFileSync(path, confined(exhausted));
      daemon.child.kill("SIGHUP");
      assert.ok(await hasEnded(hog), "the daemon waits for its reader");
      daemon.child.stderr?.resume();
      const { dropped } = await daemon.said("journal.dropped");
      assert.ok(Number(dropped) > 0);
      assert.equal(await daemon.stop(), 0);
    } finally {
      daemon.child.stderr?.resume();
      await daemon.stop("SIGKILL");
      await end();
    }
  });

  it("goes on when the reader has left, and ends with 0", live, async () => {
    const { hog, end } = await startHog({ size: mib(64), uid: hogUid });
    const path = settings(calm);
    const daemon = startDaemon(["--config", path]);
    try {
      await daemon.said("daemon.ready");
      daemon.child.stderr?.destroy();
      writeFileSync(path, confined(exhausted));
      daemon.child.kill("SIGHUP");
      assert.ok(await hasEnded(hog), "the daemon died with its reader");
      const exited = once(daemon.child, "exit");
      daemon.child.kill("SIGTERM");
      assert.deepEqual(await exited, [0, null]);
    } finally {
      daemon.child.kill("SIGKILL");
      await end();
    }
  });
});
