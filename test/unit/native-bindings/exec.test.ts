import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { replaceProcess } from "#native-bindings/exec.ts";

const module = (name: string): string =>
  JSON.stringify(new URL(`../../../native-bindings/${name}.js`, import.meta.url).href);

/** Runs a program of Node's that puts a shell in its place. */
function replaced(keeps: boolean): { readonly text: string; readonly status: number | null; readonly pid: number } {
  const program = `
    import { keepOnExec, replaceProcess } from ${module("exec")};
    import { makeMemoryFile } from ${module("memory-file")};
    import { inheritedFd } from ${module("file")};
    for (const n of [0, 1, 2]) keepOnExec(inheritedFd(n), true);
    const paper = makeMemoryFile("paper", "text");
    keepOnExec(paper, ${keeps});
    replaceProcess({ path: "/bin/sh", words: ["other", "-c", 'echo $$ $0 $WORD $([ -e /proc/self/fd/'+paper+' ] && echo kept)'], environment: { WORD: "here", NONE: undefined } });`;
  const { stdout, status, pid } = spawnSync(process.execPath, ["--input-type=module", "-e", program], {
    encoding: "utf8",
  });
  return { text: stdout, status, pid };
}

test("the program in our place has our pid, our standard descriptors and what it was given", () => {
  const { text, status, pid } = replaced(true);
  assert.deepEqual([text, status], [`${pid} other here kept\n`, 0]);
});

test("a descriptor that is not to be kept is closed", () => {
  const { text, pid } = replaced(false);
  assert.equal(text, `${pid} other here\n`);
});

test("a program that is not there leaves us where we are", () => {
  assert.throws(
    () => replaceProcess({ path: "/nowhere", words: ["x"], environment: {} }),
    /Cannot execve \/nowhere: ENOENT/,
  );
});
