import assert from "node:assert/strict";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { after, describe, it } from "node:test";
import { setTimeout as pass } from "node:timers/promises";
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
import { lacksHogs } from "#test/support/needs.ts";
import { startDaemon } from "#test/support/start-daemon.ts";
import { hasEnded, startHog } from "#test/support/start-hog.ts";

const live = { skip: lacksHogs, timeout: 60_000 };

after(removeSettings);

/** Their telling takes some four hundred kilobytes: of requests that come together, few are more than one reload. */
const unreadMistakes = wordyMistakes(20_000);

describe("a daemon whose journal nobody reads", () => {
  it("kills all the same, and says later how many lines are lost", live, async () => {
    const { hog, end } = await startHog({ size: mib(64), uid: hogUid });
    const path = settings(calm);
    const daemon = startDaemon(["--config", path]);
    try {
      await daemon.said("daemon.ready");
      daemon.child.stderr?.pause();
      writeFileSync(path, unreadMistakes);
      for (let reload = 0; reload < 40; reload += 1) {
        daemon.child.kill("SIGHUP");
        await pass(10);
      }
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
