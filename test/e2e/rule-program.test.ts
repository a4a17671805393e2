/* A rule that has a program run in place of a signal, on the real kernel; only hogs of the test's own user may be chosen. */
import assert from "node:assert/strict";
import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import {
  calm,
  confined,
  hogUid,
  type Marks,
  removeSettings,
  scarce,
  settingsFolder,
} from "#test/support/confined-settings.ts";
import { until } from "#test/support/conformance/until.ts";
import { lacksHogs } from "#test/support/needs.ts";
import { startDaemon } from "#test/support/start-daemon.ts";
import { hasEnded, startHog } from "#test/support/start-hog.ts";
import { tidemark } from "./cli-program.ts";

const live = { skip: lacksHogs, timeout: 60_000 };

after(removeSettings);

const path = (name: string): string => join(settingsFolder, name);

interface Asking {
  readonly run: readonly string[];
  readonly grace: string;
}

function write(settings: string, marks: Marks, { run, grace }: Asking): string {
  const rule = `[[rule]]\nuid = ${hogUid}\nrun = ${JSON.stringify(run)}\ngrace = "${grace}"\n`;
  writeFileSync(settings, `${confined(marks)}${rule}`);
  return settings;
}

/** A daemon that was calm when it started, and is short of memory by other settings. */
async function startShort(asking: Asking, meanwhile: () => void = () => undefined) {
  const settings = path(`${Math.random().toString(36).slice(2)}.toml`);
  const daemon = startDaemon(["--config", write(settings, calm, asking)]);
  await daemon.said("daemon.ready");
  meanwhile();
  write(settings, scarce, asking);
  daemon.child.kill("SIGHUP");
  return daemon;
}

const shell = (script: string): readonly string[] => ["/bin/sh", "-c", script];

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

describe("a program in place of a signal", () => {
  it("has the victim leave in its own way: it knows whom, and SIGTERM is not sent", live, async () => {
    const { hog, end } = await startHog({ name: "asked-hog", uid: hogUid, ignoresSigterm: true });
    const script = 'kill -USR2 "$TIDEMARK_PID"; echo "$TIDEMARK_NAME $TIDEMARK_UID $TIDEMARK_PIDS $TIDEMARK_GRACE_MS"';
    const daemon = await startShort({ run: shell(script), grace: "20s" });
    try {
      const [asked, ended] = [await daemon.said("victim.asked"), await daemon.said("program.ended", "program.failed")];
      await daemon.said("victim.exited");
      assert.equal(asked["pid"], hog.pid);
      assert.match(String(asked["program"]), /^\/bin\/sh -c /);
      assert.deepEqual(
        [ended.event, ended["ended"], ended["output"]],
        ["program.ended", "exit 0", `asked-hog ${hogUid} ${hog.pid} 20000`],
      );
      assert.ok(await hasEnded(hog));
      assert.ok(!daemon.entries.some(({ event }) => /^victim.(signalled|escalated)$/.test(event)));
    } finally {
      await daemon.stop();
      await end();
    }
  });

  it(
    "that hangs is stopped with all it started when its grace is over, and the victim is killed then",
    live,
    async () => {
      const { hog, end } = await startHog({ uid: hogUid });
      const words = `sleep 63.${process.pid}`;
      const daemon = await startShort({ run: shell(`trap "" TERM; ${words} & wait`), grace: "700ms" });
      try {
        const [escalated, failed] = [await daemon.said("victim.escalated"), await daemon.said("program.failed")];
        assert.deepEqual([escalated["trigger"], escalated["signal"]], ["grace-over", "SIGKILL"]);
        assert.equal(failed["ended"], "timed-out");
        assert.ok(await hasEnded(hog));
        await until("nothing of the program is left", () => !isRunning(words));
      } finally {
        await daemon.stop();
        await end();
      }
    },
  );

  it("that is not there any more when it is needed leaves the victim to SIGTERM", live, async () => {
    const { hog, end } = await startHog({ uid: hogUid });
    const gone = path("gone");
    writeFileSync(gone, "#!/bin/sh\n", { mode: 0o755 });
    const daemon = await startShort({ run: [gone], grace: "20s" }, () => rmSync(gone));
    try {
      const [failed, escalated] = [await daemon.said("program.failed"), await daemon.said("victim.escalated")];
      assert.equal(failed["ended"], "exit 127");
      assert.deepEqual([escalated["trigger"], escalated["signal"]], ["program-failed", "SIGTERM"]);
      assert.ok(await hasEnded(hog));
    } finally {
      await daemon.stop();
      await end();
    }
  });

  it("could not be made ready when the daemon starts in trouble: the victim is signalled", live, async () => {
    const { hog, end } = await startHog({ uid: hogUid });
    const asking: Asking = { run: shell("exit 0"), grace: "20s" };
    const daemon = startDaemon(["--config", write(path("trouble.toml"), scarce, asking)]);
    try {
      const [failed, escalated] = [await daemon.said("program.failed"), await daemon.said("victim.escalated")];
      assert.deepEqual([failed["ended"], escalated["signal"]], ["not-ready", "SIGTERM"]);
      assert.ok(await hasEnded(hog));
    } finally {
      await daemon.stop();
      await end();
    }
  });

  it("that others may change is told of by check, and so is one that is not there", { timeout: 60_000 }, () => {
    const strange = path("strange");
    writeFileSync(strange, "#!/bin/sh\n", { mode: 0o777 });
    chmodSync(strange, 0o777);
    const asking = (program: string): string => write(path("check.toml"), calm, { run: [program], grace: "20s" });
    assert.match(tidemark("check", "--config", asking(strange)).stdout, /Run chown root and chmod go-w on it/);
    assert.match(tidemark("check", "--config", asking(path("none"))).stdout, /no such|ENOENT|does not exist/i);
    assert.doesNotMatch(tidemark("check", "--config", asking("/bin/true")).stdout, /\(run /);
  });

  it("is only named by a dry run", live, async () => {
    const { end } = await startHog({ uid: hogUid });
    const ran = path("ran");
    const asking: Asking = { run: shell(`echo ran >${ran}`), grace: "20s" };
    const daemon = startDaemon(["--dry-run", "--config", write(path("dry.toml"), scarce, asking)]);
    try {
      const rehearsed = await daemon.said("kill.rehearsed");
      assert.match(String(rehearsed["program"]), /^\/bin\/sh -c /);
      assert.match(String(rehearsed["message"]), /^Would run \/bin\/sh -c .* for /);
    } finally {
      await daemon.stop();
      await end();
    }
    assert.equal(existsSync(ran), false);
  });
});
