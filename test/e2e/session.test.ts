/* The session on the real kernel: a multiplexer, a shell in it and a program in that, all of a user of their own. */
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { appendFileSync, chownSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { exhausted, hogUid, removeSettings, settings } from "#test/support/confined-settings.ts";
import { lacksStage } from "#test/support/conformance/stage.ts";
import { until } from "#test/support/conformance/until.ts";
import { startDaemon } from "#test/support/start-daemon.ts";

const lacksTmux = (): string | false =>
  spawnSync("tmux", ["-V"]).error === undefined ? false : "tmux is not installed";

const live = { skip: lacksStage() || lacksTmux(), timeout: 180_000 };

after(removeSettings);

/** Ends by itself. */
const hog =
  "import os, signal, sys; signal.alarm(150); held = bytearray(200 << 20); open(sys.argv[1], 'w').write(str(os.getpid())); signal.pause()";

interface Session extends Disposable {
  readonly multiplexer: number;
  readonly shell: number;
  readonly hog: number;
}

/** A session of tmux with a shell, in which somebody types a command that takes 200 MiB. */
async function openSession(): Promise<Session> {
  const folder = mkdtempSync(join(tmpdir(), "tidemark-session-"));
  chownSync(folder, hogUid, hogUid);
  const socket = join(folder, "socket");
  const started = join(folder, "hog");
  const user = { uid: hogUid, gid: hogUid, cwd: folder, encoding: "utf8", timeout: 20_000 } as const;
  const env = { PATH: process.env["PATH"], SHELL: "/bin/sh", TERM: "screen", LC_ALL: "C.UTF-8" };
  const tmux = (...args: readonly string[]): string =>
    execFileSync("tmux", ["-u", "-S", socket, "-f", "/dev/null", ...args], { ...user, env }).trim();
  tmux("new-session", "-d", "-x", "80", "-y", "24");
  tmux("send-keys", `echo 1000 > /proc/self/oom_score_adj; python3 -c "${hog}" ${started}`, "Enter");
  await until("the hog holds its memory", () => existsSync(started) && readFileSync(started, "utf8") !== "");
  return {
    multiplexer: Number(tmux("display-message", "-p", "#{pid}")),
    shell: Number(tmux("display-message", "-p", "#{pane_pid}")),
    hog: Number(readFileSync(started, "utf8")),
    [Symbol.dispose]() {
      // It may have died in the test, and its server with it.
      spawnSync("tmux", ["-S", socket, "kill-server"], { ...user, env });
      rmSync(folder, { recursive: true });
    },
  };
}

const lives = (pid: number): boolean =>
  existsSync(`/proc/${pid}/stat`) && !/\) Z/.test(readFileSync(`/proc/${pid}/stat`, "utf8"));

test(
  "of a tmux session the program in it dies; tmux and its shell live, and that nobody else is left is said",
  live,
  async () => {
    using session = await openSession();
    const daemon = startDaemon(["--config", settings(exhausted), "--set", "guard.last_resort=false"]);
    try {
      const signalled = await daemon.said("victim.signalled");
      assert.equal(signalled["pid"], session.hog);
      assert.equal(signalled["eligible"], 1);
      await until("it is gone", () => !lives(session.hog));
      await until("nobody else is left", () =>
        daemon.entries.some((entry) => entry.event === "kill.withheld" && entry["withheld_why"] === "only-session"),
      );
      assert.deepEqual([lives(session.multiplexer), lives(session.shell)], [true, true]);
    } finally {
      await daemon.stop();
    }
  },
);

test("a rule that has tmux go first sends the program in it: the session guard wins", live, async () => {
  using session = await openSession();
  const path = settings(exhausted);
  appendFileSync(path, `[[rule]]\nverdict = "first"\nname = "tmux*"\nuid = ${hogUid}\n`);
  const daemon = startDaemon(["--config", path, "--set", "kill.budget=1"]);
  try {
    assert.equal((await daemon.said("victim.signalled"))["pid"], session.hog);
    await until("it is gone", () => !lives(session.hog));
    await daemon.said("kill.withheld");
    assert.deepEqual([lives(session.multiplexer), lives(session.shell)], [true, true]);
  } finally {
    await daemon.stop();
  }
});

test("a tmux session goes when there is nobody else, and the journal says what it was", live, async () => {
  using session = await openSession();
  const daemon = startDaemon(["--config", settings(exhausted)]);
  try {
    await until("somebody of the session was signalled", () =>
      daemon.entries.some((entry) => entry.event === "victim.signalled" && entry["session_role"] !== undefined),
    );
    const [first, second] = daemon.entries.filter(({ event }) => event === "victim.signalled");
    assert.deepEqual([first?.["pid"], first?.["session_role"]], [session.hog, undefined]);
    assert.ok([session.multiplexer, session.shell].includes(Number(second?.["pid"])));
    assert.match(String(second?.["session_role"]), /^(multiplexer|shell)$/);
  } finally {
    await daemon.stop();
  }
});
