import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { mib } from "#domain/units.ts";
import {
  calm,
  confined,
  exhausted,
  hogUid,
  removeSettings,
  settings,
  settingsFolder,
} from "#test/support/confined-settings.ts";
import { lacksHogs, lacksPrograms } from "#test/support/needs.ts";
import { listenAt } from "#test/support/service-manager.ts";
import { killEnds, type RunningDaemon, startDaemon } from "#test/support/start-daemon.ts";
import { hasEnded, startHog } from "#test/support/start-hog.ts";

after(removeSettings);

const needs = { skip: lacksPrograms("python3", "env"), timeout: 60_000 };
const live = { ...needs, skip: needs.skip || lacksHogs };

/** It is fed at half of that, when a calm machine would not be looked at for a minute; the other half is for one that is busy with others. */
const period = 6_000_000;

interface Started {
  readonly address: string;
  readonly watchdogUsec: number;
  readonly args: readonly string[];
}

const startUnder = ({ address, watchdogUsec, args }: Started): RunningDaemon =>
  startDaemon(args, ["env", `NOTIFY_SOCKET=${address}`, `WATCHDOG_USEC=${watchdogUsec}`]);

const addresses: Readonly<Record<string, string>> = {
  "a path": join(settingsFolder, "notify"),
  "a name of no file": `@tidemark-test-${process.pid}`,
};

describe("a daemon under a service manager", () => {
  for (const [kind, address] of Object.entries(addresses)) {
    it(`says at ${kind} that it has looked, how things stand, and goodbye`, needs, async () => {
      await using manager = await listenAt(address);
      const daemon = startUnder({ address, watchdogUsec: 0, args: ["--dry-run", "--config", settings(calm)] });
      try {
        const ready = await manager.heard("READY");
        assert.equal(ready["pid"], daemon.child.pid);
        assert.match(String(ready["STATUS"]), /^Watching: headroom .* low is .*; 0 kills so far$/);
      } finally {
        await daemon.stop();
      }
      assert.match(String((await manager.heard("STOPPING"))["STATUS"]), /^Goodbye/);
    });
  }

  it("feeds the watchdog in time, however seldom a calm machine is looked at", needs, async () => {
    const address = `@tidemark-hungry-${process.pid}`;
    await using manager = await listenAt(address);
    const daemon = startUnder({ address, watchdogUsec: period, args: ["--dry-run", "--config", settings(calm)] });
    try {
      const gaps: number[] = [];
      let last = await manager.heard("READY");
      while (gaps.length < 2) {
        const fed = await manager.heard("WATCHDOG", manager.messages.indexOf(last) + 1);
        gaps.push(Number(fed["at"]) - Number(last["at"]));
        last = fed;
      }
      assert.ok(
        gaps.every((gap) => gap < period / 1000),
        `fed after ${gaps.join(", ")} ms`,
      );
    } finally {
      await daemon.stop();
    }
  });

  it("says when a reload begins, by the manager's clock, and that it is over", needs, async () => {
    const address = `@tidemark-reload-${process.pid}`;
    await using manager = await listenAt(address);
    const daemon = startUnder({ address, watchdogUsec: 0, args: ["--dry-run", "--config", settings(calm)] });
    try {
      await daemon.said("daemon.ready");
      const before = (await manager.heard("READY"))["at"];
      daemon.child.kill("SIGHUP");
      const reloading = await manager.heard("RELOADING");
      const began = Number(reloading["MONOTONIC_USEC"]) / 1000;
      assert.ok(began >= Number(before) && began <= Number(reloading["at"]), `${before} ${began} ${reloading["at"]}`);
      await manager.heard("READY", manager.messages.indexOf(reloading));
      await daemon.said("config.reloaded");
      assert.equal(
        manager.messages.some((message) => "WATCHDOG" in message),
        false,
      );
    } finally {
      await daemon.stop();
    }
  });

  it("kills although the manager has stopped listening, and speaks to it again when it listens", live, async () => {
    const address = `@tidemark-deaf-${process.pid}`;
    await using manager = await listenAt(address);
    const { hog, end } = await startHog({ size: mib(64), uid: hogUid });
    const path = settings(calm);
    const daemon = startUnder({ address, watchdogUsec: 10_000, args: ["--config", path] });
    try {
      await manager.heard("READY");
      manager.become("deaf");
      await manager.heard("deaf");
      writeFileSync(path, confined(exhausted));
      daemon.child.kill("SIGHUP");
      assert.ok(await hasEnded(hog), "the daemon waits for its manager");
      await daemon.said(...killEnds);
      const before = manager.messages.length;
      manager.become("hear");
      const { pid, STATUS } = await manager.heard("STATUS", before);
      assert.equal(pid, daemon.child.pid);
      assert.match(String(STATUS), /1 kill so far$/);
      await manager.heard("WATCHDOG", before);
    } finally {
      await daemon.stop();
      await end();
    }
  });

  it("lives without a manager that cannot be spoken to, and says so", needs, async () => {
    const args = ["--dry-run", "--config", settings(calm)];
    const daemon = startUnder({ address: "vsock:2:1234", watchdogUsec: 400_000, args });
    try {
      const { errno, subject } = await daemon.said("protection.degraded");
      assert.deepEqual([errno, subject], ["EAFNOSUPPORT", "vsock:2:1234"]);
      await daemon.said("daemon.ready");
    } finally {
      assert.equal(await daemon.stop(), 0);
    }
  });
});
