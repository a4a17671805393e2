import assert from "node:assert/strict";
import { test } from "node:test";
import { knownValue } from "#domain/snapshot.ts";
import { kib, mib } from "#domain/units.ts";
import { makeMemcgSensor } from "#linux/watched-memcgs.ts";
import { readFixture, textOf } from "#test/support/fixture.ts";
import { makeTree, type Tree } from "./tree.ts";

const hostile = (path: string): string => textOf(readFixture(`hostile/${path}`));

const below = (folder: string, files: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(files).map(([name, text]) => [`sys/fs/cgroup/${folder}/${name}`, text]));

const filesOfV2 = {
  "memory.current": `${mib(96) * 1024}\n`,
  "memory.swap.current": `${mib(8) * 1024}\n`,
  "memory.max": `${mib(128) * 1024}\n`,
  "memory.high": `${mib(100) * 1024}\n`,
  "memory.swap.max": "max\n",
  "memory.stat": hostile("memory.stat/v2"),
  "memory.events": hostile("memory.events/busy"),
  "memory.pressure": hostile("pressure/under-pressure"),
};

const filesOfV1 = {
  "memory.usage_in_bytes": `${mib(60) * 1024}\n`,
  "memory.memsw.usage_in_bytes": `${mib(66) * 1024}\n`,
  "memory.limit_in_bytes": `${mib(64) * 1024}\n`,
  "memory.memsw.limit_in_bytes": "9223372036854771712\n",
  "memory.swappiness": "60\n",
  "memory.stat": hostile("memory.stat-v1/usual"),
  "memory.failcnt": "38\n",
  "memory.oom_control": hostile("memory.oom_control/three-kills"),
};

const mountinfo = (line: string) => ({ "proc/self/mountinfo": `32 25 0:28 / ${line}\n` });
const machineV2 = {
  "proc/sys/vm/swappiness": "60\n",
  ...mountinfo("/sys/fs/cgroup rw,nosuid,nodev,noexec - cgroup2 cgroup2 rw"),
};
const machineV1 = mountinfo("/sys/fs/cgroup/memory rw,nosuid - cgroup cgroup rw,memory");

function watch(tree: Tree, ...patterns: readonly string[]) {
  return makeMemcgSensor(tree.root).read(patterns);
}

const pathsOf = (tree: Tree, ...patterns: readonly string[]) =>
  knownValue(watch(tree, ...patterns))?.map(({ path }) => path);

test("a memcg of v2 is told with all there is to know of it", () => {
  using tree = makeTree({ ...machineV2, ...below("app", filesOfV2) });
  const [memcg, ...others] = knownValue(watch(tree, "/app")) ?? [];
  assert.deepEqual(others, []);
  const { pressure, ...rest } = memcg ?? {};
  assert.deepEqual(rest, {
    named: "/app",
    path: "/app",
    usage: mib(96),
    swapped: mib(8),
    limits: { kind: "v2", memory: mib(128), swap: undefined, swappiness: 60 },
    high: mib(100),
    reclaimable: kib(6656),
    events: { low: 1, high: 12, max: 3, oom: 2, oomKill: 4 },
  });
  assert.ok(pressure?.full.total);
});

test("a memcg of v1 is told with what v1 knows: no marks, no pressure, two events", () => {
  using tree = makeTree({ ...machineV1, ...below("memory/app", filesOfV1) });
  assert.deepEqual(knownValue(watch(tree, "/app")), [
    {
      named: "/app",
      path: "/app",
      usage: mib(60),
      swapped: mib(6),
      limits: { kind: "v1", memory: mib(64), memoryAndSwap: undefined, swappiness: 60 },
      high: undefined,
      reclaimable: kib(6656),
      events: { low: undefined, high: undefined, max: 38, oom: undefined, oomKill: 3 },
      pressure: undefined,
    },
  ]);
});

test("a star stands for the rest of one name, and a memcg that two patterns name is told once", () => {
  using tree = makeTree({
    ...machineV2,
    ...below("user.slice/user-1000.slice", filesOfV2),
    ...below("user.slice/user-1001.slice", filesOfV2),
    ...below("user.slice/user-1001.slice/deep.scope", filesOfV2),
    ...below("user.slice/other", filesOfV2),
  });
  const [one, two] = ["/user.slice/user-1000.slice", "/user.slice/user-1001.slice"];
  assert.deepEqual(pathsOf(tree, "/user.slice/user-*.slice")?.toSorted(), [one, two]);
  assert.deepEqual(pathsOf(tree, "/user.slice/user-*.slice", one ?? "")?.toSorted(), [one, two]);
  assert.deepEqual(pathsOf(tree, "/*/*/deep.scope"), [`${two}/deep.scope`]);
});

test("a memcg that is not there, or has no controller, is not told, and the others are", () => {
  using tree = makeTree({
    ...machineV2,
    ...below("app", filesOfV2),
    ...below("bare", { "cgroup.procs": "" }),
  });
  assert.deepEqual(pathsOf(tree, "/gone", "/bare", "/gone/*", "/app"), ["/app"]);
});

test("nobody is watched unless told, and then nothing is read", () => {
  using tree = makeTree({});
  assert.deepEqual(watch(tree), { kind: "known", value: [] });
});

test("memcgs that come and go are told as they are at each look", () => {
  using tree = makeTree({ ...machineV2, ...below("app", filesOfV2) });
  const sensor = makeMemcgSensor(tree.root);
  const paths = () => knownValue(sensor.read(["/app*"]))?.map(({ path }) => path);
  assert.deepEqual(paths(), ["/app"]);
  for (const [path, text] of Object.entries(below("app2", filesOfV2))) tree.write(path, text);
  assert.deepEqual(paths()?.toSorted(), ["/app", "/app2"]);
});

test("without swap accounting and without PSI a memcg has neither figure", () => {
  const { "memory.pressure": _, "memory.swap.current": __, "memory.swap.max": ___, ...files } = filesOfV2;
  using tree = makeTree({ ...machineV2, ...below("app", files) });
  const [memcg] = knownValue(watch(tree, "/app")) ?? [];
  assert.deepEqual([memcg?.swapped, memcg?.pressure], [undefined, undefined]);
});

test("a file of a memcg that makes no sense is a failure that names the memcg", () => {
  using tree = makeTree({ ...machineV2, ...below("app", { ...filesOfV2, "memory.current": "max\n" }) });
  const reading = watch(tree, "/app");
  assert.ok(reading.kind === "unavailable");
  assert.equal(reading.failure.call, "parse");
  assert.equal(reading.failure.subject, `${tree.root}/sys/fs/cgroup/app`);
});

test("the folder of a memcg names it as well, wherever the hierarchy is mounted", () => {
  using tree = makeTree({
    ...below("memory/app", filesOfV1),
    ...mountinfo("/sys/fs/cgroup/memory rw,nosuid - cgroup cgroup rw,memory"),
  });
  assert.deepEqual(pathsOf(tree, "/sys/fs/cgroup/memory/app", "/sys/fs/cgroup/memory/a*"), ["/app"]);
});

test("members of a watched memcg are those of all below it as well", () => {
  using tree = makeTree({
    ...machineV2,
    ...below("app", { ...filesOfV2, "cgroup.procs": "7\n9\n" }),
    ...below("app/worker", { ...filesOfV2, "cgroup.procs": "11\n" }),
    ...below("other", { ...filesOfV2, "cgroup.procs": "13\n" }),
  });
  const reading = makeMemcgSensor(tree.root).readMembership({
    patterns: ["/app", "/app/w*", "/gone"],
    isPressing: true,
  });
  assert.deepEqual(knownValue(reading), {
    watched: [
      { path: "/app", members: new Set([7, 9, 11]) },
      { path: "/app/worker", members: new Set([11]) },
    ],
    groups: [],
  });
});

test("memcgs of v2 that are marked to die as a whole are told with their members, watched or not", () => {
  using tree = makeTree({
    ...machineV2,
    ...below("app", { ...filesOfV2, "cgroup.procs": "", "memory.oom.group": "1\n" }),
    ...below("app/one", { ...filesOfV2, "cgroup.procs": "11\n", "memory.oom.group": "0\n" }),
    ...below("app/two", { ...filesOfV2, "cgroup.procs": "12\n", "memory.oom.group": "1\n" }),
  });
  const sensor = makeMemcgSensor(tree.root);
  const groups = (isPressing: boolean) => knownValue(sensor.readMembership({ patterns: [], isPressing }))?.groups;
  const both = [
    { path: "/app", members: new Set([11, 12]) },
    { path: "/app/two", members: new Set([12]) },
  ];
  assert.deepEqual(groups(true), both);
  tree.write("sys/fs/cgroup/app/one/memory.oom.group", "1\n");
  tree.write("sys/fs/cgroup/app/one/cgroup.procs", "11\n13\n");
  assert.deepEqual(groups(true)?.[0]?.members, new Set([11, 13, 12]), "members are read each time");
  assert.equal(groups(true)?.length, 2, "marks are looked for in calm");
  assert.equal(groups(false)?.length, 3);
});

test("cgroup v1 marks no memcg to die as a whole", () => {
  using tree = makeTree({
    ...machineV1,
    ...below("memory/app", { ...filesOfV1, "cgroup.procs": "7\n", "memory.oom.group": "1\n" }),
  });
  const reading = makeMemcgSensor(tree.root).readMembership({ patterns: [], isPressing: false });
  assert.deepEqual(knownValue(reading)?.groups, []);
});
