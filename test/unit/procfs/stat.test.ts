import assert from "node:assert/strict";
import { test } from "node:test";
import { parseStat, type StatFacts } from "#procfs/stat.ts";
import { bytesOf, readFixture, readRecorded, textOf } from "#test/support/fixture.ts";
import { recordedPids } from "#test/support/procfs-corpus.ts";
import { refusal } from "#test/support/soundness.ts";

const hostile = (name: string): Uint8Array => readFixture(`hostile/stat/${name}`);

function parse(name: string): StatFacts {
  const facts = parseStat(hostile(name));
  assert.ok(facts !== undefined, "it is gone");
  return facts;
}

for (const process of recordedPids) {
  test(`stat of the recorded process ${process} agrees with its status`, () => {
    const facts = parseStat(readRecorded(`${process}/stat`));
    const status = textOf(readRecorded(`${process}/status`));
    const line = (name: string): string => new RegExp(`^${name}:\\s+(.*)$`, "m").exec(status)?.[1] ?? "";
    const fields = textOf(readRecorded(`${process}/stat`))
      .trim()
      .split(" ");
    assert.deepEqual(facts, {
      identity: { pid: Number(line("Pid")), startTicks: Number(fields[21]) },
      comm: line("Name"),
      state: { R: "running", S: "sleeping", I: "idle" }[line("State").charAt(0)],
      parent: line("PPid") === "0" ? undefined : Number(line("PPid")),
      leadsSession: fields[5] === fields[0],
      leadsTerminal: fields[5] === fields[0] && fields[6] !== "0",
      isKernelThread: line("Kthread") === "1",
      isExiting: false,
      threads: Number(line("Threads")),
      virtual: Number.parseInt(line("VmSize") || "0", 10),
      rss: Number(fields[23]),
      stackStart: Number(fields[27]),
      pendingSignals: Number(fields[30]),
      isFollower: false,
    });
  });
}

for (const [name, comm] of [
  ["comm-imitates-fields", ") R 1 ("],
  ["comm-imitates-kernel-thread", ") S 2 0 0 0 -1 "],
  ["comm-newline", "a\nb"],
  ["comm-only-newline", "\n"],
  ["comm-spaces", " a  b "],
  ["comm-parentheses", ")))((("],
  ["comm-empty", ""],
  ["comm-invalid-utf8", "a\ufffd\ufffd\ufffdb"],
  ["comm-cut-in-character", "isolated-web-f\ufffd"],
  ["comm-byte-order-mark", "\ufeffvim"],
  ["comm-control-bytes", "\u001b[31m\u0007red"],
] as const) {
  test(`no name can hide or fake the fields behind it: ${name}`, () => {
    assert.deepEqual(parse(name), {
      identity: { pid: 4711, startTicks: 113_925 },
      comm,
      state: "sleeping",
      parent: 1,
      leadsSession: false,
      leadsTerminal: false,
      isKernelThread: false,
      isExiting: false,
      threads: 1,
      virtual: 3060,
      rss: 394,
      stackStart: 140_730_038_624_496,
      pendingSignals: 0,
      isFollower: false,
    });
  });
}

test("a zombie leader is exiting, and its group has threads still", () => {
  const { state, isExiting, threads, rss } = parse("zombie-leader");
  assert.deepEqual({ state, isExiting, threads, rss }, { state: "zombie", isExiting: true, threads: 2, rss: 0 });
});

test("a process that maps more than 2^53 bytes stays in sight, with an address space nobody can tell", () => {
  const { virtual, rss, identity } = parse("address-space-past-2-53");
  assert.deepEqual({ virtual, rss, pid: identity.pid }, { virtual: undefined, rss: 394, pid: 4711 });
});

test("a parent outside of our pid namespace is none", () => {
  assert.equal(parse("parent-outside").parent, undefined);
});

test("whoever leads a session with a terminal is told from its other members, and from leaders without one", () => {
  const text = textOf(hostile("comm-empty"));
  const leads = (session: number, terminal: number): boolean | undefined =>
    parseStat(bytesOf(text.replace(" S 1 4711 4051 34816 ", ` S 1 4711 ${session} ${terminal} `)))?.leadsTerminal;
  assert.deepEqual(
    [leads(4711, 34_816), leads(4711, -1_048_576), leads(4051, 34_816), leads(4711, 0)],
    [true, true, false, false],
  );
});

for (const [letter, state] of [
  ["R", "running"],
  ["S", "sleeping"],
  ["D", "uninterruptible"],
  ["T", "stopped"],
  ["t", "tracing"],
  ["X", "dead"],
  ["x", "dead"],
  ["Z", "zombie"],
  ["I", "idle"],
  ["P", "unknown"],
] as const) {
  test(`the state ${letter} is ${state}`, () => {
    const text = textOf(hostile("comm-empty")).replace(" () S ", ` () ${letter} `);
    assert.equal(parseStat(bytesOf(text))?.state, state);
  });
}

test("a state letter no kernel has had yet is unknown, and no damage", () => {
  assert.equal(parse("unknown-state").state, "unknown");
});

test("a kernel thread is known by its flag alone, also where the flags fill all 32 bits", () => {
  const withFlags = (flags: number): Uint8Array =>
    bytesOf(textOf(hostile("comm-empty")).replace(" 4194304 ", ` ${flags} `));
  assert.equal(parseStat(withFlags(0x200000))?.isKernelThread, true);
  assert.equal(parseStat(withFlags(0xffffffff))?.isKernelThread, true);
  assert.equal(parseStat(withFlags(0xffffffff - 0x200000))?.isKernelThread, false);
  assert.equal(parseStat(withFlags(0x4))?.isExiting, true);
});

for (const name of ["gone", "cut-without-newline"]) {
  test(`a file that ends early is of a process that is gone: ${name}`, () => {
    assert.equal(parseStat(hostile(name)), undefined);
  });
}

for (const [name, expected] of [
  ["start-past-2-53", "a number below 2^53"],
  ["start-is-hexadecimal", "a whole number"],
  ["start-negative", "a whole number"],
  ["pid-zero", "a pid of at least 1"],
  ["fields-missing", '" "'],
] as const) {
  test(`stat is refused where it stops making sense: ${name}`, () => {
    const error = refusal(() => parseStat(hostile(name)));
    assert.deepEqual([error.file, error.expected], ["PID/stat", expected]);
  });
}

test("a line without a name, and a state of two letters, are refused", () => {
  assert.equal(refusal(() => parseStat(bytesOf("1 (a\n"))).expected, 'a name and ")"');
  assert.equal(refusal(() => parseStat(bytesOf("1 (a) SS 1\n"))).expected, "one letter for the state");
  assert.equal(refusal(() => parseStat(bytesOf(") 1 (a\n"))).expected, "a whole number");
});
