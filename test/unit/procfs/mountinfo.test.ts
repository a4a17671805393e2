import assert from "node:assert/strict";
import { test } from "node:test";
import { parseMountinfo } from "#procfs/mountinfo.ts";
import { parseOomGroup } from "#procfs/oom-group.ts";
import { readFixture } from "#test/support/fixture.ts";
import { refusal } from "#test/support/soundness.ts";

const hostile = (path: string): Uint8Array => readFixture(`hostile/${path}`);

test("mounts are told with the part that is mounted, however many optional fields they have", () => {
  assert.deepEqual(parseMountinfo(hostile("mountinfo/v1-in-a-container")), [
    { root: "/", mountPoint: "/", type: "ext4", options: ["rw"] },
    { root: "/docker/7f3a", mountPoint: "/sys/fs/cgroup/memory", type: "cgroup", options: ["rw", "memory"] },
    { root: "/", mountPoint: "/sys/fs/cgroup/unified", type: "cgroup2", options: ["rw", "nsdelegate"] },
  ]);
});

test("escapes in paths are undone, and a source may be nameless", () => {
  assert.deepEqual(parseMountinfo(hostile("mountinfo/escapes-without-source")), [
    { root: "/a b", mountPoint: "/mnt\tx\\y", type: "tmpfs", options: ["rw", "mode=755"] },
  ]);
});

for (const name of ["no-separator", "cut"]) {
  test(`a list of mounts that makes no sense is refused: ${name}`, () => {
    assert.equal(refusal(() => parseMountinfo(hostile(`mountinfo/${name}`))).file, "mountinfo");
  });
}

test("memory.oom.group is a flag", () => {
  assert.deepEqual(
    ["set", "unset"].map((name) => parseOomGroup(hostile(`memory.oom.group/${name}`))),
    [true, false],
  );
  for (const name of ["neither", "cut"]) {
    assert.equal(refusal(() => parseOomGroup(hostile(`memory.oom.group/${name}`))).file, "memory.oom.group");
  }
});
