import assert from "node:assert/strict";
import { chownSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { knownValue } from "#domain/snapshot.ts";
import { kib, mib } from "#domain/units.ts";
import { makeMemcgSensor } from "#linux/watched-memcgs.ts";
import { writeXattr } from "#native-bindings/xattr.ts";
import { readFixture, textOf } from "#test/support/fixture.ts";
import { lacksXattrs } from "#test/support/needs.ts";
import { makeTree, type Tree } from "./tree.ts";

const hostile = (path: string): string => textOf(readFixture(`hostile/${path}`));
const bytes = (amount: number): string => `${mib(amount) * 1024}\n`;

const below = (folder: string, files: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(files).map(([name, text]) => [`sys/fs/cgroup/${folder}/${name}`, text]));

const memcg = (usage: number, pids: string, more: Readonly<Record<string, string>> = {}) => ({
  "memory.current": bytes(usage),
  "memory.stat": hostile("memory.stat/v2"),
  "cgroup.procs": pids,
  ...more,
});

const machine = {
  "proc/sys/vm/swappiness": "60\n",
  "proc/self/mountinfo": "32 25 0:28 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw\n",
};

const branchesOf = (tree: Tree) => {
  const trees = knownValue(makeMemcgSensor(tree.root).readBranches(["/s"]));
  assert.equal(trees?.length, 1);
  return trees[0]?.branches ?? [];
};

test("a watched memcg is told with all inside of it, and each with the members below it", () => {
  using tree = makeTree({
    ...machine,
    ...below("s", memcg(300, "")),
    ...below(
      "s/a",
      memcg(200, "", {
        "memory.min": bytes(10),
        "memory.low": bytes(80),
        "memory.swap.current": bytes(8),
        "memory.pressure": hostile("pressure/under-pressure"),
        "memory.oom.group": "1\n",
        "io.stat": hostile("io.stat/two-disks"),
      }),
    ),
    ...below("s/a/x", memcg(200, "11\n12\n")),
    ...below("s/b", memcg(50, "13\n", { "memory.low": "max\n" })),
  });
  const [top, a, x, b] = branchesOf(tree).toSorted((one, other) => (one.path < other.path ? -1 : 1));
  assert.deepEqual([top?.path, a?.path, x?.path, b?.path], ["/s", "/s/a", "/s/a/x", "/s/b"]);
  assert.deepEqual([top?.parent, a?.parent, x?.parent], [undefined, "/s", "/s/a"]);
  assert.deepEqual(
    [top, a, x, b].map((each) => [...(each?.members ?? [])].toSorted()),
    [[11, 12, 13], [11, 12], [11, 12], [13]],
  );
  assert.deepEqual([a?.usage, a?.promised, a?.swapped, a?.reclaimable], [mib(200), mib(80), mib(8), kib(6656)]);
  assert.deepEqual([a?.pgscan, a?.io?.reads, a?.diesWhole], [4131, 74, true]);
  assert.ok(a?.stalled);
  assert.deepEqual([b?.promised, b?.stalled, b?.io, b?.diesWhole], [mib(50), undefined, undefined, false]);
});

test("members of a cgroup without the memory controller belong to the one above it", () => {
  using tree = makeTree({
    ...machine,
    ...below("s", memcg(300, "")),
    ...below("s/a", memcg(200, "10\n")),
    ...below("s/a/threads", { "cgroup.procs": "11\n" }),
  });
  assert.deepEqual(
    branchesOf(tree).map(({ path, members }) => [path, [...members]]),
    [
      ["/s", [10, 11]],
      ["/s/a", [10, 11]],
    ],
  );
});

const isRoot = process.getuid?.() === 0;

/** Why no cgroup of somebody else, with attributes of both kinds, can be made here, or false. */
function lacksOwners(): string | false {
  using tree = makeTree({});
  return isRoot
    ? lacksXattrs(tree.root, "user.probe", "trusted.probe")
    : "only root can give a cgroup to somebody else";
}
const skip = lacksOwners();

/** What becomes of the cgroup /s/a of somebody, with such attributes; /s is root's unless said otherwise. */
function preferenceOf(owner: number, attributes: Readonly<Record<string, string>>, watchedBy = 0) {
  using tree = makeTree({ ...machine, ...below("s", memcg(300, "")), ...below("s/a", memcg(200, "1\n")) });
  const folder = (path: string) => join(tree.root, "sys/fs/cgroup", path);
  for (const [name, value] of Object.entries(attributes)) writeXattr(folder("s/a"), name, value);
  chownSync(folder("s"), watchedBy, -1);
  chownSync(folder("s/a"), owner, -1);
  return branchesOf(tree).find(({ path }) => path === "/s/a")?.preference;
}

test("a preference is any of the words for true that systemd knows", { skip }, () => {
  assert.deepEqual(
    ["1", "yes", "Y", "true", "on", "0", "no", "perhaps", ""].map((value) =>
      preferenceOf(0, { "user.oomd_avoid": value }),
    ),
    ["avoid", "avoid", "avoid", "avoid", "avoid", "none", "none", "none", "none"],
  );
});

test("omit is heard before prefer, and prefer before avoid", { skip }, () => {
  const all = { "user.oomd_omit": "1", "user.oomd_prefer": "1", "user.oomd_avoid": "1" };
  assert.equal(preferenceOf(0, all), "omit");
  assert.equal(preferenceOf(0, { ...all, "user.oomd_omit": "0" }), "prefer");
});

test("a user's word counts among his own cgroups, and not against those of others", { skip }, () => {
  assert.equal(preferenceOf(1000, { "user.oomd_omit": "1" }), "none");
  assert.equal(preferenceOf(1000, { "user.oomd_omit": "1" }, 1000), "omit");
  assert.equal(preferenceOf(1000, { "user.oomd_omit": "1" }, 1001), "none");
});

test("what root has written is trusted whoever owns the cgroup", { skip }, () => {
  assert.equal(preferenceOf(1000, { "trusted.oomd_prefer": "1", "user.oomd_omit": "1" }), "prefer");
});
