/* A build with many compilers on the real kernel, which is told to be short of memory: none of them is large, together they are to blame. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, chownSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { gib, mib } from "#domain/units.ts";
import { hogUid, removeSettings, settingsFolder } from "#test/support/confined-settings.ts";
import { openStage } from "#test/support/conformance/stage.ts";
import { until } from "#test/support/conformance/until.ts";
import { lacksHogs, lacksNamespaces, lacksPrograms } from "#test/support/needs.ts";
import { stageMeminfo } from "#test/support/staged-meminfo.ts";
import { startDaemon } from "#test/support/start-daemon.ts";

const live = { skip: lacksPrograms("make", "python3") || lacksHogs || lacksNamespaces(), timeout: 90_000 };

after(removeSettings);

const compilers = 12;

/** Says that it is there, waits for a word, takes 28 MiB and says so; after a minute it ends by itself. */
const compiler = `
import os, signal, sys, time
signal.alarm(60)
os.chdir(os.path.dirname(sys.argv[0]))
open(f"there-{sys.argv[1]}", "w")
while not os.path.exists("go"):
    time.sleep(0.01)
held = bytearray(28 << 20)
held[:: 4096] = b"x" * len(held[:: 4096])
open(f"full-{sys.argv[1]}", "w").write(str(os.getpid()))
signal.pause()
`;

interface Build extends Disposable {
  readonly make: ChildProcess;
  /** How many files there are with such a name. */
  count(name: string): number;
  /** Has all compilers take their memory. */
  fill(): void;
  /** The compilers, once they are full. */
  pids(): readonly number[];
}

/** `make -j` as a user of its own. */
function startBuild(): Build {
  const folder = mkdtempSync(join(settingsFolder, "build-"));
  chmodSync(settingsFolder, 0o711);
  chownSync(folder, hogUid, hogUid);
  const targets = Array.from({ length: compilers }, (_, n) => `unit-${n}`).join(" ");
  writeFileSync(join(folder, "compiler.py"), compiler);
  writeFileSync(join(folder, "Makefile"), `all: ${targets}\n${targets}:\n\tpython3 ${folder}/compiler.py $@\n`);
  const script = 'echo 1000 > /proc/self/oom_score_adj; exec make -j -C "$0"';
  const user = { uid: hogUid, gid: hogUid, detached: true };
  const make = spawn("sh", ["-c", script, folder], { ...user, stdio: "ignore" });
  const named = (name: string): readonly string[] => readdirSync(folder).filter((file) => file.startsWith(name));
  return {
    make,
    count: (name) => named(name).length,
    fill: () => writeFileSync(join(folder, "go"), ""),
    pids: () => named("full-").map((file) => Number(readFileSync(join(folder, file), "utf8"))),
    [Symbol.dispose]() {
      // A group of its own: make and all it started.
      if (make.pid !== undefined && make.exitCode === null && make.signalCode === null)
        process.kill(-make.pid, "SIGKILL");
    },
  };
}

const lives = (pid: number): boolean => {
  try {
    return !/\) [ZX]/.test(readFileSync(`/proc/${pid}/stat`, "latin1"));
  } catch {
    return false;
  }
};

test(
  "of a build that fills the machine one compiler goes, not a browser that is larger than any of them",
  live,
  async () => {
    await using stage = openStage();
    const browser = await stage.start({ name: "browser", uid: hogUid, oomScoreAdj: 1000, anonKiB: mib(120) });
    using build = startBuild();
    await until("all compilers run", () => build.count("there-") === compilers);
    using meminfo = stageMeminfo(join(settingsFolder, "build.meminfo"), gib(8));
    const path = join(settingsFolder, "build.toml");
    const marks = 'preset = "none"\n[headroom]\nmin = "64MiB"\nlow = "256MiB"\nhigh = "2GiB"\n';
    writeFileSync(path, `${marks}[kill]\nbudget = 1\n[[rule]]\nverdict = "only"\nuid = ${hogUid}\n`);
    const daemon = startDaemon(["--config", path], meminfo.under);
    try {
      await daemon.said("daemon.settled");
      meminfo.setAvailable(gib(1));
      // Trouble has begun, and what everybody held then is written down: from now on it is the compilers who take memory.
      await daemon.said("alarm.raised");
      build.fill();
      await until(
        "all compilers hold what they need",
        () => build.pids().filter((pid) => pid > 0).length === compilers,
      );
      const ended = once(build.make, "exit");
      meminfo.setAvailable(mib(128));
      const signalled = await daemon.said("victim.signalled");
      assert.ok(build.pids().includes(Number(signalled["pid"])), JSON.stringify(signalled));
      assert.equal(signalled["family_processes"], compilers);
      assert.equal(signalled["group"], undefined);
      await until("it has ended", () => !lives(Number(signalled["pid"])));
      assert.ok(lives(browser.pid));
      assert.equal(build.pids().filter(lives).length, compilers - 1);
      // make waits for the others, and does not start that one again.
      assert.deepEqual([build.make.exitCode, build.make.signalCode], [null, null]);
      build[Symbol.dispose]();
      await ended;
    } finally {
      await daemon.stop();
    }
  },
);
