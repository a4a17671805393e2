import assert from "node:assert/strict";
import { test } from "node:test";
import { parseCgroup } from "#procfs/cgroup.ts";
import { readFixture, readRecorded, textOf } from "#test/support/fixture.ts";
import { recordedPids } from "#test/support/procfs-corpus.ts";
import { refusal } from "#test/support/soundness.ts";

const hostile = (name: string): Uint8Array => readFixture(`hostile/cgroup/${name}`);

for (const process of recordedPids) {
  test(`the recorded process ${process}, under v1, is in the cgroup of its memory controller`, () => {
    const plain = /^\d+:memory:(.*)$/m.exec(textOf(readRecorded(`${process}/cgroup`)))?.[1];
    assert.equal(parseCgroup(readRecorded(`${process}/cgroup`)), plain);
  });
}

for (const [name, path] of [
  ["unified", "/user.slice/user-1000.slice/user@1000.service/app.slice/firefox.service"],
  ["v1-memory-among-others", "/b"],
  ["named-hierarchy-memory", "/real"],
  ["colons-in-path", "/a:memory:/b"],
  ["deleted", "/user.slice/old scope (deleted)"],
  ["invalid-utf8", "/a\ufffd/b"],
  ["outside-namespace", "/../../init.scope"],
  ["without-memory", undefined],
  ["gone", undefined],
] as const) {
  test(`the path is that of the hierarchy that controls memory: ${name}`, () => {
    assert.equal(parseCgroup(hostile(name)), path);
  });
}

for (const [name, expected] of [
  ["relative-path", 'a path that begins with "/"'],
  ["no-colon", 'a list of controllers and ":"'],
] as const) {
  test(`cgroup is refused, and says why: ${name}`, () => {
    const error = refusal(() => parseCgroup(hostile(name)));
    assert.deepEqual([error.file, error.line, error.expected], ["PID/cgroup", 1, expected]);
  });
}
