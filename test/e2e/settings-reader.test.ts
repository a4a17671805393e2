/* Settings are read by a process of its own: what becomes of it is nothing to the daemon that asked. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { gib, mib } from "#domain/units.ts";
import { calm, hogUid, removeSettings, settings, settingsFolder } from "#test/support/confined-settings.ts";
import { until } from "#test/support/conformance/until.ts";
import { lacksHogs, lacksNamespaces, lacksPrograms } from "#test/support/needs.ts";
import { reload } from "#test/support/reload.ts";
import { listenAt } from "#test/support/service-manager.ts";
import { catchReader, stateOf } from "#test/support/settings-reader.ts";
import { stageMeminfo } from "#test/support/staged-meminfo.ts";
import { startDaemon } from "#test/support/start-daemon.ts";
import { hasEnded, startHog } from "#test/support/start-hog.ts";

after(removeSettings);

const endings: ReadonlySet<string | undefined> = new Set(["Z", "X", undefined]);

/** Has settings read by a process that stops in the middle of it. */
async function stopReader(ask: () => Promise<void>, parent: number): Promise<number> {
  for (;;) {
    const { pid, reading } = await catchReader(parent, "SIGSTOP", ask);
    await until("it has stopped, or ended before", () => stateOf(pid) === "T" || endings.has(stateOf(pid)));
    if (stateOf(pid) !== "T") await reading;
    else {
      // Its manager goes before it is over.
      reading.catch(() => undefined);
      return pid;
    }
  }
}

const needs = { skip: lacksPrograms("python3", "env"), timeout: 60_000 };

describe("a process that reads settings for a daemon", () => {
  it(
    "and is killed changes nothing: the settings in force stay, it is told, and they are read when asked for again",
    needs,
    async () => {
      const address = `@tidemark-killed-reader-${process.pid}`;
      await using manager = await listenAt(address);
      const args = ["--dry-run", "--config", settings(calm)];
      const daemon = startDaemon(args, ["env", `NOTIFY_SOCKET=${address}`]);
      try {
        await manager.heard("READY");
        const ask = () => reload(daemon.child, manager);
        const refused = () => daemon.entries.find(({ event }) => event === "config.refused");
        // It may have written its answer before it was killed.
        while (refused() === undefined) await (await catchReader(Number(daemon.child.pid), "SIGKILL", ask)).reading;
        assert.deepEqual(refused()?.["problems"], [
          "Cannot read the settings: the process that reads them was ended by signal 9; try again",
        ]);
        await ask();
        const answers = daemon.entries.filter(({ event }) => event === "config.reloaded" || event === "config.refused");
        assert.equal(answers.at(-1)?.event, "config.reloaded");
        assert.equal(await daemon.stop(), 0);
      } finally {
        await daemon.stop("SIGKILL");
      }
    },
  );

  const live = { skip: needs.skip || lacksHogs || lacksNamespaces(), timeout: 60_000 };

  it("and hangs keeps nobody from being killed, and ends with the daemon", live, async () => {
    const address = `@tidemark-hung-reader-${process.pid}`;
    await using manager = await listenAt(address);
    using meminfo = stageMeminfo(join(settingsFolder, "meminfo"), gib(8));
    const { hog, end } = await startHog({ size: mib(64), uid: hogUid });
    const path = join(settingsFolder, "hung.toml");
    const marks = 'preset = "none"\n[headroom]\nmin = "1GiB"\nlow = "2GiB"\nhigh = "3GiB"\n';
    writeFileSync(path, `${marks}[[rule]]\nverdict = "only"\nuid = ${hogUid}\n`);
    const daemon = startDaemon(["--config", path], ["env", `NOTIFY_SOCKET=${address}`, ...meminfo.under]);
    try {
      await manager.heard("READY");
      const reader = await stopReader(() => reload(daemon.child, manager), Number(daemon.child.pid));
      meminfo.setAvailable(mib(100));
      const signalled = await daemon.said("victim.signalled");
      assert.equal(signalled["pid"], hog.pid);
      assert.ok(await hasEnded(hog), "the daemon waits for the reader of its settings");
      const isAnswered = daemon.entries.some(({ event }) => event.startsWith("config.re"));
      assert.equal(isAnswered, false, "the reader did not hang");
      assert.equal(await daemon.stop(), 0);
      await until("the reader has ended", () => endings.has(stateOf(reader)));
    } finally {
      await daemon.stop("SIGKILL");
      await end();
    }
  });
});
