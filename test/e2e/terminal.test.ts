import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { lacksPrograms } from "#test/support/needs.ts";
import { folder, program } from "./cli-program.ts";

after(() => rmSync(folder, { recursive: true }));

/** A dry run on a pseudo terminal, driven by the story that is appended. */
const onTerminal = (story: string): string => `
import os, pty, select, signal, subprocess, sys, time
node, program, path = sys.argv[1:]
terminal, stderr = pty.openpty()
daemon = subprocess.Popen([node, program, "run", "--dry-run", "--config", path],
    stdin=stderr, stdout=stderr, stderr=stderr, start_new_session=True)
os.close(stderr)
told = b""
while b"ready after" not in told: told += os.read(terminal, 4096)
def ask(): daemon.send_signal(signal.SIGHUP)
def end():
    try: print("ended with", daemon.wait(40))
    except subprocess.TimeoutExpired: print("hangs"); daemon.kill()
${story}`;

function play(name: string, story: string): string {
  const path = join(folder, `${name}.toml`);
  writeFileSync(path, 'preset = "none"\n');
  const script = onTerminal(story);
  const { stdout, stderr } = spawnSync("python3", ["-c", script, process.execPath, program, path], {
    encoding: "utf8",
    timeout: 50_000,
  });
  assert.equal(stderr, "");
  return stdout.trim();
}

describe("a daemon on a terminal", { skip: lacksPrograms("python3"), timeout: 60_000 }, () => {
  it("does not wait for one that has stopped reading in the middle of its text", () => {
    const stalled = `
open(path, "w").write("".join("x" * 2000 + str(n) + " = 1\\n" for n in range(10)))
for _ in range(20):
    ask(); time.sleep(0.02)
for _ in range(10):
    os.read(terminal, 400)
    ask(); time.sleep(0.05)
    if open(f"/proc/{daemon.pid}/wchan").read() == "wait_woken": print("waits in a write")
daemon.send_signal(signal.SIGTERM)
end()`;
    assert.equal(play("stalled", stalled), "ended with 0");
  });

  it("reloads on SIGHUP while it is there, and stops when it has gone", () => {
    const gone = `
ask()
while b"New configuration in force" not in told: told += os.read(terminal, 4096)
os.close(terminal)
ask()
end()`;
    assert.equal(play("gone", gone), "ended with 0");
  });
});
