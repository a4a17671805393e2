import assert from "node:assert/strict";
import { test } from "node:test";
import { SystemError } from "#domain/system-error.ts";
import type { Pid } from "#domain/units.ts";
import { type Fd, inheritedFd, openFile } from "#native-bindings/file.ts";
import { killByPid } from "#native-bindings/kill.ts";
import { makeMemoryFile } from "#native-bindings/memory-file.ts";
import { makePipe } from "#native-bindings/pipe.ts";
import { type ChildEnding, startProgram, takeEnding } from "#native-bindings/start-program.ts";

const shell = (script: string, descriptors: readonly Fd[]): Pid =>
  startProgram({ path: "/bin/sh", words: ["sh", "-c", script], environment: { WORD: "here" }, descriptors });

async function endingOf(child: Pid): Promise<ChildEnding> {
  for (;;) {
    const ending = takeEnding(child);
    if (ending !== undefined) return ending;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

const stderr = inheritedFd(2);

test("a child has the words, the environment and the descriptors it was given, and its status is taken once", async () => {
  const nothing = openFile("/dev/null", "readWrite");
  const paper = makeMemoryFile("paper", "text");
  const child = shell('echo "$WORD $1" >&3; exit 7', [nothing, nothing, stderr, paper]);
  assert.deepEqual(await endingOf(child), { kind: "exited", status: 7 });
  const { readSync } = await import("node:fs");
  const buffer = Buffer.alloc(64);
  assert.equal(buffer.toString("utf8", 0, readSync(paper, buffer, 0, 64, 0)), "here \n");
  assert.throws(() => takeEnding(child), /ECHILD/);
});

test("a descriptor that was not given is not there, although ours is open", async () => {
  const { readEnd } = makePipe();
  const child = shell(`[ ! -e /proc/self/fd/${readEnd} ]`, [stderr, stderr, stderr]);
  assert.deepEqual(await endingOf(child), { kind: "exited", status: 0 });
});

test("a child that was killed says by which signal, and runs until then", async () => {
  const child = shell("kill -STOP $$", [stderr, stderr, stderr]);
  assert.equal(takeEnding(child), undefined);
  killByPid(child, "SIGKILL");
  assert.deepEqual(await endingOf(child), { kind: "signalled", signal: 9 });
});

test("a program that is not there is a failure that names it", () => {
  const start = () => startProgram({ path: "/nowhere", words: ["x"], environment: {}, descriptors: [] });
  assert.throws(
    start,
    (error) => error instanceof SystemError && error.errno === "ENOENT" && error.subject === "/nowhere",
  );
});
