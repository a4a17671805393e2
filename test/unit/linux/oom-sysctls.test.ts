import assert from "node:assert/strict";
import { test } from "node:test";
import { readOomSysctls } from "#linux/oom-sysctls.ts";
import { makeTree } from "./tree.ts";

function settingsOf(panic: string, allocating: string, dump: string) {
  using tree = makeTree({
    "proc/sys/vm/panic_on_oom": panic,
    "proc/sys/vm/oom_kill_allocating_task": allocating,
    "proc/sys/vm/oom_dump_tasks": dump,
  });
  return readOomSysctls(tree.root);
}

test("the settings of the kernel's OOM killer are read as the kernel takes them", () => {
  assert.deepEqual(settingsOf("0\n", "0\n", "1\n"), {
    panicOnOom: "never",
    killsAllocatingTask: false,
    dumpsTasks: true,
  });
  assert.deepEqual(settingsOf("1\n", "-1\n", "0\n"), {
    panicOnOom: "global",
    killsAllocatingTask: true,
    dumpsTasks: false,
  });
  assert.equal(settingsOf("2\n", "0\n", "1\n").panicOnOom, "always");
});

test("a setting that is absent or damaged is not known, and the others are", () => {
  assert.deepEqual(settingsOf("", "1", "1\n"), {
    panicOnOom: undefined,
    killsAllocatingTask: undefined,
    dumpsTasks: true,
  });
  using tree = makeTree({});
  assert.deepEqual(new Set(Object.values(readOomSysctls(tree.root))), new Set([undefined]));
});
