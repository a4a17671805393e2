/* What a daemon opens between the look that sees a shortage and the end of the victim. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { gib, mib } from "#domain/units.ts";
import { hogUid, removeSettings, settingsFolder } from "#test/support/confined-settings.ts";
import { until } from "#test/support/conformance/until.ts";
import { lacksHogs, lacksNamespaces, lacksPrograms } from "#test/support/needs.ts";
import { stageMeminfo } from "#test/support/staged-meminfo.ts";
import { killEnds, startDaemon } from "#test/support/start-daemon.ts";
import { hasEnded, startHog } from "#test/support/start-hog.ts";

const live = { skip: lacksPrograms("strace") || lacksHogs || lacksNamespaces(), timeout: 120_000 };

after(removeSettings);

/** Files of a process that wait for its mmap_lock, which a victim may hold for ever. */
const waitForLock =
  /^\/proc\/\d+\/(?:task\/\d+\/)?(?:cmdline|environ|auxv|maps|smaps|smaps_rollup|numa_maps|pagemap|mem)$/;

const marks = 'preset = "none"\n[headroom]\nmin = "1GiB"\nlow = "2GiB"\nhigh = "3GiB"\n';
const confinement = `[[rule]]\nverdict = "only"\nuid = ${hogUid}\n`;
const byArguments = '[[rule]]\nverdict = "avoid"\ncmdline = "*no such argument*"\n';

/** Rules, and which file of a process was read in calm when all is known that they go by. */
const variants = {
  "": { rules: confinement, known: "stat" },
  ", with rules by arguments": { rules: confinement + byArguments, known: "cmdline" },
};

/** What is left when the test takes it away, and how a read of it looks in a trace. */
const left = mib(100);
const sawShortage = new RegExp(`pread64\\(.*MemAvailable: +${left} kB`);

const openedIn = (calls: readonly string[]): readonly string[] =>
  calls.flatMap((call) => /openat\(.*?"([^"]*)"/.exec(call)?.[1] ?? []);

describe("from a shortage to the end of its victim the shipped daemon", { skip: live.skip }, () => {
  for (const [what, { rules, known }] of Object.entries(variants)) {
    it(`opens no file that waits for a lock of a process${what}`, live, async () => {
      const name = `kill-path-${what.length}`;
      using meminfo = stageMeminfo(join(settingsFolder, `${name}.meminfo`), gib(8));
      const { hog, end } = await startHog({ size: mib(64), uid: hogUid });
      const path = join(settingsFolder, `${name}.toml`);
      writeFileSync(path, marks + rules);
      const traced = join(settingsFolder, `${name}.strace`);
      const calls = "trace=openat,openat2,open,pread64,pidfd_send_signal";
      const strace = ["strace", "-f", "-s", "200", "-o", traced, "-e", calls];
      // Once, in calm: a shortage that begins in the middle of such a reading finds it under way.
      const args = ["--config", path, "--set", "pacing.table_every=1h"];
      const daemon = startDaemon(args, [...meminfo.under, ...strace]);
      try {
        const { pid } = await daemon.said("daemon.started");
        // Rehearsals read everybody in calm, and look at memory as well.
        await daemon.said("daemon.settled");
        await until("everybody is known", () => readFileSync(traced, "utf8").includes(`"/proc/${hog.pid}/${known}"`));
        meminfo.setAvailable(left);
        const signalled = await daemon.said("victim.signalled");
        assert.equal(signalled["pid"], hog.pid);
        assert.ok(await hasEnded(hog));
        await daemon.said(...killEnds);
        process.kill(Number(pid), "SIGTERM");
        await daemon.said("daemon.stopped");
        const made = readFileSync(traced, "utf8").split("\n");
        const [from, to] = [sawShortage, / SIGTERM /].map((mark) => made.findIndex((call) => mark.test(call)));
        const onPath = made.slice(from, to);
        assert.ok(Number(from) > 0 && onPath.some((call) => call.includes("SIGKILL")), "no kill was traced");
        assert.ok(openedIn(onPath).length > 0, "no file was traced");
        assert.deepEqual(
          openedIn(onPath).filter((file) => waitForLock.test(file)),
          [],
        );
      } finally {
        await daemon.stop("SIGKILL");
        await end();
      }
    });
  }
});
