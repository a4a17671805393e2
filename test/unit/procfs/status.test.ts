import assert from "node:assert/strict";
import { test } from "node:test";
import { parseStatm } from "#procfs/statm.ts";
import { parseStatus, type StatusFacts } from "#procfs/status.ts";
import { readFixture, readRecorded, textOf } from "#test/support/fixture.ts";
import { recordedPids } from "#test/support/procfs-corpus.ts";
import { refusal } from "#test/support/soundness.ts";

const hostile = (name: string): Uint8Array => readFixture(`hostile/status/${name}`);

function parse(name: string): StatusFacts {
  const facts = parseStatus(hostile(name));
  assert.ok(facts !== undefined, "it is gone");
  return facts;
}

for (const process of recordedPids) {
  test(`status of the recorded process ${process} is what a plain reading finds, and agrees with its statm`, () => {
    const text = textOf(readRecorded(`${process}/status`));
    const amount = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(text)?.[1]);
    const hasMemory = text.includes("VmRSS");
    const facts = parseStatus(readRecorded(`${process}/status`));
    assert.deepEqual(facts, {
      uid: amount("Uid"),
      threads: amount("Threads"),
      memory: hasMemory
        ? {
            virtual: amount("VmSize"),
            rss: amount("VmRSS"),
            anon: amount("RssAnon"),
            file: amount("RssFile"),
            shmem: amount("RssShmem"),
            swap: amount("VmSwap"),
            pageTables: amount("VmPTE"),
          }
        : undefined,
      isKilled: false,
      isThreadKilled: false,
      isDumpingCore: false,
      isKernelThread: amount("Kthread") === 1,
    });
    assert.equal(parseStatm(readRecorded(`${process}/statm`)).size * 4, facts?.memory?.virtual ?? 0);
  });
}

test("the kinds of resident memory add up to all of it", () => {
  for (const process of recordedPids) {
    const memory = parseStatus(readRecorded(`${process}/status`))?.memory;
    if (memory !== undefined) assert.equal(memory.anon + memory.file + memory.shmem, memory.rss);
  }
});

for (const [name, isKilled, isThreadKilled] of [
  ["killed", true, false],
  ["thread-killed", false, true],
  ["killed-with-128-signals", true, false],
  ["other-signals-pending", false, false],
] as const) {
  test(`SIGKILL, and no other signal, makes a process killed: ${name}`, () => {
    const facts = parse(name);
    assert.deepEqual([facts.isKilled, facts.isThreadKilled], [isKilled, isThreadKilled]);
  });
}

test("a core being dumped is told from Linux 4.15 on", () => {
  assert.equal(parse("dumping-core").isDumpingCore, true);
  assert.equal(parse("before-coredumping-line").isDumpingCore, false);
});

test("whether it is a kernel thread is not told before Linux 6.4", () => {
  assert.equal(parse("killed").isKernelThread, false);
  assert.equal(parse("before-kthread-line").isKernelThread, undefined);
});

test("a setuid program belongs to whom it acts as", () => {
  assert.equal(parse("setuid").uid, 0);
  assert.equal(parse("nobody").uid, 4_294_967_294);
});

test("a name cannot fake a line", () => {
  assert.deepEqual(parse("name-imitates-lines").memory, parse("killed").memory);
});

test("an empty file is of a process that is gone", () => {
  assert.equal(parseStatus(hostile("gone")), undefined);
});

for (const [name, expected] of [
  ["rss-anon-missing", 'a line "RssAnon:"'],
  ["threads-missing", 'a line "Threads:"'],
  ["signals-not-hexadecimal", "a set of signals in hexadecimal"],
  ["core-dumping-neither-0-nor-1", "a flag, 0 or 1"],
] as const) {
  test(`status is refused, and says why: ${name}`, () => {
    const error = refusal(() => parseStatus(hostile(name)));
    assert.deepEqual([error.file, error.expected], ["PID/status", expected]);
  });
}
