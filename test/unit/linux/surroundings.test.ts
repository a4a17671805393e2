import assert from "node:assert/strict";
import { test } from "node:test";
import { readSurroundings } from "#linux/surroundings.ts";
import { makeTree } from "./tree.ts";

const mount = (type: string, place: string, options: string): string =>
  `30 20 0:26 / ${place} rw,nosuid - ${type} ${type} ${options}\n`;
const unified = mount("cgroup2", "/sys/fs/cgroup", "rw");

const controlOf = (files: Readonly<Record<string, string>>) => {
  using tree = makeTree(files);
  return readSurroundings(tree.root).memoryControl;
};

test("a hierarchy of v1 that names memory controls it, whatever is mounted beside", () => {
  assert.equal(
    controlOf({ "proc/self/mountinfo": mount("cgroup", "/sys/fs/cgroup/memory", "rw,memory") + unified }),
    "cgroup-v1",
  );
});

test("the unified hierarchy controls memory only when it has the controller", () => {
  const mounted = { "proc/self/mountinfo": unified };
  assert.equal(controlOf({ ...mounted, "sys/fs/cgroup/cgroup.controllers": "cpu memory\n" }), "cgroup-v2");
  assert.equal(controlOf({ ...mounted, "sys/fs/cgroup/cgroup.controllers": "cpu memory_recursiveprot\n" }), "none");
  assert.equal(controlOf({}), "none");
});

test("settings of the kernel are read where it has them", () => {
  using tree = makeTree({
    "proc/sys/vm/min_free_kbytes": "67584\n",
    "proc/sys/vm/swappiness": "180\n",
    "sys/kernel/mm/lru_gen/min_ttl_ms": "1000\n",
    "proc/self/limits": "Max open files            1024      4096      files     \n",
  });
  assert.deepEqual(readSurroundings(tree.root), {
    memoryControl: "none",
    minFree: 67584,
    swappiness: 180,
    lruMinTtl: 1000,
    mostOpenFiles: 1024,
    memoryFileSystems: [],
  });
  using empty = makeTree({});
  const { minFree, swappiness, lruMinTtl, mostOpenFiles } = readSurroundings(empty.root);
  assert.deepEqual([minFree, swappiness, lruMinTtl, mostOpenFiles], [undefined, undefined, undefined, undefined]);
});

test("the file systems of this machine that live in memory are no fuller than they are large", () => {
  for (const { used, size } of readSurroundings("").memoryFileSystems) assert.ok(used <= size, `${used} of ${size}`);
});
