import assert from "node:assert/strict";
import { test } from "node:test";
import { parseVmstat } from "#procfs/vmstat.ts";
import { readFixture, readRecorded, textOf } from "#test/support/fixture.ts";
import { refusal } from "#test/support/soundness.ts";

const hostile = (name: string): Uint8Array => readFixture(`hostile/vmstat/${name}`);

function readPlainly(bytes: Uint8Array): (name: string) => number {
  const counters = new Map(
    textOf(bytes)
      .split("\n")
      .map((line): [string, number] => [line.split(" ")[0] ?? "", Number(line.split(" ")[1])]),
  );
  return (name) => counters.get(name) ?? 0;
}

for (const [name, bytes] of [
  ["a recorded machine", readRecorded("vmstat")],
  ["a busy machine", hostile("busy")],
] as const) {
  test(`every counter of ${name} is what a plain reading finds`, () => {
    const plain = readPlainly(bytes);
    assert.deepEqual(parseVmstat(bytes), {
      pagesSwappedIn: plain("pswpin"),
      pagesSwappedOut: plain("pswpout"),
      scannedByKswapd: plain("pgscan_kswapd"),
      scannedDirectly: plain("pgscan_direct"),
      stolenByKswapd: plain("pgsteal_kswapd"),
      stolenDirectly: plain("pgsteal_direct"),
      allocationStalls: ["dma", "dma32", "normal", "movable", "device"]
        .map((zone) => plain(`allocstall_${zone}`))
        .reduce((total, stalls) => total + stalls),
      fileRefaults: plain("workingset_refault_file"),
      anonRefaults: plain("workingset_refault_anon"),
      majorFaults: plain("pgmajfault"),
      oomKills: plain("oom_kill"),
    });
  });
}

test("before Linux 5.9 the one counter of refaults stands for files, and anonymous ones are not known", () => {
  const { fileRefaults, anonRefaults, oomKills } = parseVmstat(hostile("linux-5.4"));
  assert.deepEqual({ fileRefaults, anonRefaults }, { fileRefaults: 77, anonRefaults: undefined });
  assert.equal(oomKills, parseVmstat(hostile("busy")).oomKills);
});

test("Linux 4.9 counts stalls in one line and no kills of its own", () => {
  const { allocationStalls, oomKills } = parseVmstat(hostile("linux-4.9"));
  assert.deepEqual({ allocationStalls, oomKills }, { allocationStalls: 5, oomKills: undefined });
});

test("a counter nobody reads may be past 2^53", () => {
  assert.deepEqual(parseVmstat(hostile("unread-counter-wrapped")), parseVmstat(hostile("busy")));
});

for (const [name, expected] of [
  ["without-event-counters", 'a line "pswpin "'],
  ["without-allocstall", 'a line "allocstall…"'],
  ["without-refaults", 'a line "workingset_refault_file "'],
  ["stalls-add-up-past-2-53", "a sum of allocation stalls below 2^53"],
] as const) {
  test(`vmstat is refused, and says why: ${name}`, () => {
    const error = refusal(() => parseVmstat(hostile(name)));
    assert.deepEqual([error.file, error.expected], ["vmstat", expected]);
  });
}
