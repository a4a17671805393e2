import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { after, describe, it } from "node:test";
import { mib } from "#domain/units.ts";
import { calm, confined, exhausted, hogUid, removeSettings, settings } from "#test/support/confined-settings.ts";
import { lacksHogs, lacksPrograms } from "#test/support/needs.ts";
import { killEnds, startDaemon } from "#test/support/start-daemon.ts";
import { hasEnded, startHog } from "#test/support/start-hog.ts";

const live = {
  skip: lacksPrograms("strace") || lacksHogs,
  timeout: 60_000,
};

after(removeSettings);

/** System calls that fail under the shipped daemon, as strace injects it: none keeps the kill from happening. */
const injections: Readonly<Record<string, string>> = {
  "it has no descriptor left for a process": "pidfd_open:error=EMFILE",
  "nobody may compare memory": "kcmp:error=EPERM",
  "there is no memory for the descriptor of a process": "pidfd_open:error=ENOMEM",
  "a filter refuses descriptors of processes": "pidfd_open:error=EPERM",
  "process_mrelease is always busy": "process_mrelease:error=EAGAIN",
  "process_mrelease is refused": "process_mrelease:error=EINVAL",
};

describe("the shipped daemon kills all the same, and lives on, when", { skip: live.skip }, () => {
  for (const [what, injection] of Object.entries(injections)) {
    it(what, live, async () => {
      const { hog, end } = await startHog({ size: mib(64), uid: hogUid });
      const path = settings(calm);
      const call = injection.split(":")[0];
      const traced = `${path}.strace`;
      const strace = ["strace", "-f", "-o", traced, "-e", `trace=${call}`, "-e", `inject=${injection}`];
      const daemon = startDaemon(["--config", path], strace);
      try {
        const { pid } = await daemon.said("daemon.started");
        await daemon.said("daemon.ready");
        writeFileSync(path, confined(exhausted));
        process.kill(Number(pid), "SIGHUP");
        const { pid: victim } = await daemon.said("victim.signalled");
        assert.equal(victim, hog.pid);
        assert.ok(await hasEnded(hog));
        await daemon.said(...killEnds);
        process.kill(Number(pid), "SIGTERM");
        await daemon.said("daemon.stopped");
        assert.match(readFileSync(traced, "utf8"), /\(INJECTED\)/, "nothing was kept from it");
      } finally {
        await daemon.stop("SIGKILL");
        await end();
      }
    });
  }
});
