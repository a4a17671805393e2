import { equal, match } from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { test } from "node:test";
import { repositoryRoot } from "#test/support/repository.ts";

const canHaveTerminal = spawnSync("script", ["--version"]).status === 0;
const reason = "script(1) of util-linux is not there to make a terminal";
const interrupt = "\x03";

/** Runs a command on a terminal of its own and types Ctrl-C when its output says so. */
async function runUntil(
  command: string,
  isTime: RegExp,
): Promise<{ readonly code: number | null; readonly seen: string }> {
  // --return: the exit code is the command's own. Some shells (dash) stay beside their only command and die of the Ctrl-C it outlived:
  // hence the `exec` of the caller.
  const terminal = spawn("script", ["--quiet", "--return", "--command", command, "/dev/null"], { cwd: repositoryRoot });
  let seen = "";
  let isTyped = false;
  terminal.stdout.on("data", (chunk: Buffer) => {
    seen += chunk.toString();
    if (isTyped || !isTime.test(seen)) return;
    isTyped = true;
    terminal.stdin.write(interrupt);
  });
  const code = await new Promise<number | null>((resolve) => terminal.on("close", resolve));
  return { code, seen };
}

test("npm start ends with Ctrl-C, a goodbye line and exit code 0", {
  skip: !canHaveTerminal && reason,
  timeout: 60_000,
}, async () => {
  const { code, seen } = await runUntil("exec npm start -- --dry-run", /Watching: /);
  match(seen, /Goodbye: /);
  equal(code, 0, seen);
});
