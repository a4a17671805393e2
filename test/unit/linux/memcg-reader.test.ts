import assert from "node:assert/strict";
import { test } from "node:test";
import { mib } from "#domain/units.ts";
import { readMemcg } from "#linux/memcg-reader.ts";
import { makeTree } from "./tree.ts";

const v1 = {
  "app/memory.limit_in_bytes": "67108864\n",
  "app/memory.memsw.limit_in_bytes": "9223372036854771712\n",
  "app/memory.swappiness": "60\n",
  "app/cgroup.procs": "12\n30\n",
};

test("a memcg of v1 is told with its limits and members", () => {
  using tree = makeTree(v1);
  assert.deepEqual(readMemcg({ kind: "v1", path: `${tree.root}/app`, root: tree.root }), {
    limits: { kind: "v1", memory: mib(64), memoryAndSwap: undefined, swappiness: 60 },
    members: new Set([12, 30]),
  });
});

test("a memcg of v1 without swap accounting has no limit of swap", () => {
  const { "app/memory.memsw.limit_in_bytes": _, ...files } = v1;
  using tree = makeTree(files);
  const limits = readMemcg({ kind: "v1", path: `${tree.root}/app`, root: tree.root })?.limits;
  assert.equal(limits?.kind === "v1" && limits.memoryAndSwap, undefined);
});

test("a memcg of v2 has the swappiness of the machine", () => {
  using tree = makeTree({
    "app/memory.max": "67108864\n",
    "app/memory.swap.max": "max\n",
    "app/cgroup.procs": "",
    "proc/sys/vm/swappiness": "10\n",
  });
  assert.deepEqual(readMemcg({ kind: "v2", path: `${tree.root}/app`, root: tree.root })?.limits, {
    kind: "v2",
    memory: mib(64),
    swap: undefined,
    swappiness: 10,
  });
});

test("an unlimited memcg is there all the same", () => {
  using tree = makeTree({ ...v1, "app/memory.limit_in_bytes": "9223372036854771712\n" });
  const memcg = readMemcg({ kind: "v1", path: `${tree.root}/app`, root: tree.root });
  assert.deepEqual([memcg?.limits.memory, memcg?.members.size], [undefined, 2]);
});

test("members of the cgroups below are members", () => {
  using tree = makeTree({ ...v1, "app/a/cgroup.procs": "40\n", "app/a/b/cgroup.procs": "50\n" });
  const members = readMemcg({ kind: "v1", path: `${tree.root}/app`, root: tree.root })?.members;
  assert.deepEqual(members, new Set([12, 30, 40, 50]));
});

test("a cgroup that has gone is none", () => {
  using tree = makeTree({});
  for (const kind of ["v1", "v2"] as const) {
    assert.equal(readMemcg({ kind, path: `${tree.root}/app`, root: tree.root }), undefined);
  }
});
