import assert from "node:assert/strict";
import { test } from "node:test";
import { gib, kib } from "#domain/units.ts";
import { parseMeminfo } from "#procfs/meminfo.ts";
import { parseVmstat } from "#procfs/vmstat.ts";
import { parseZoneinfo } from "#procfs/zoneinfo.ts";
import { bytesOf, readFixture, readRecorded, textOf } from "#test/support/fixture.ts";
import { refusal } from "#test/support/soundness.ts";

const hostile = (name: string): Uint8Array => readFixture(`hostile/meminfo/${name}`);

/** The same file read in the plainest way there is. */
function readPlainly(text: string): ReadonlyMap<string, number> {
  return new Map([...text.matchAll(/^(\S+): +(\d+)/gm)].map(([, name = "", amount]) => [name, Number(amount)]));
}

test("every field of a recorded meminfo is what a plain reading finds", () => {
  const plain = readPlainly(textOf(readRecorded("meminfo")));
  const meminfo = parseMeminfo(readRecorded("meminfo"));
  assert.deepEqual(meminfo, {
    total: plain.get("MemTotal"),
    free: plain.get("MemFree"),
    available: plain.get("MemAvailable"),
    buffers: plain.get("Buffers"),
    cached: plain.get("Cached"),
    anon: plain.get("AnonPages"),
    shmem: plain.get("Shmem"),
    activeFile: plain.get("Active(file)"),
    inactiveFile: plain.get("Inactive(file)"),
    slabReclaimable: plain.get("SReclaimable"),
    hugetlb: plain.get("Hugetlb"),
    zswap: plain.get("Zswap"),
    zswapped: plain.get("Zswapped"),
    swapTotal: plain.get("SwapTotal"),
    swapFree: plain.get("SwapFree"),
    committedAs: plain.get("Committed_AS"),
    commitLimit: plain.get("CommitLimit"),
  });
  assert.ok(meminfo.total > kib(0));
});

test("a kernel before 3.14 has no available memory to tell, and all the rest", () => {
  const { available, ...rest } = parseMeminfo(hostile("without-memavailable"));
  const { available: _, ...recorded } = parseMeminfo(readRecorded("meminfo"));
  assert.equal(available, undefined);
  assert.deepEqual(rest, recorded);
});

test("pools of huge pages are told in one line, before Linux 4.16 in two", () => {
  assert.equal(parseMeminfo(hostile("huge-pages-zswap")).hugetlb, gib(2));
  assert.equal(parseMeminfo(hostile("linux-4.9-huge-pages")).hugetlb, gib(1));
});

test("the pool of zswap is told with what it stands for, and not at all before Linux 5.19", () => {
  const { zswap, zswapped } = parseMeminfo(hostile("huge-pages-zswap"));
  assert.deepEqual([zswap, zswapped], [100_000, 350_000]);
  assert.equal(parseMeminfo(hostile("linux-4.9-huge-pages")).zswap, undefined);
});

test("Cached is not taken from SwapCached, nor Active(file) from Active", () => {
  const text = textOf(readRecorded("meminfo"))
    .replace(/^SwapCached:.*$/m, "SwapCached: 77 kB")
    .replace(/^Active:.*$/m, "Active: 78 kB");
  assert.deepEqual(parseMeminfo(bytesOf(text)), parseMeminfo(readRecorded("meminfo")));
});

test("a line of a later kernel is skipped, whatever is in it", () => {
  const text = `Novelty: 18446744073709551615 kB of 3x\n${textOf(readRecorded("meminfo"))}`;
  assert.deepEqual(parseMeminfo(bytesOf(text)), parseMeminfo(readRecorded("meminfo")));
});

for (const [name, expected] of [
  ["past-2-53", "a number below 2^53"],
  ["number-ends-in-letters", "a whole number"],
  ["negative", "a whole number"],
  ["other-unit", '" kB"'],
  ["line-without-number", "a whole number"],
] as const) {
  test(`meminfo is refused where it stops making sense: ${name}`, () => {
    const error = refusal(() => parseMeminfo(hostile(name)));
    assert.equal(error.file, "meminfo");
    assert.equal(error.line, 2);
    assert.equal(error.expected, expected);
  });
}

test("a missing line is named", () => {
  assert.equal(refusal(() => parseMeminfo(hostile("memfree-missing"))).expected, 'a line "MemFree:"');
  assert.equal(refusal(() => parseMeminfo(hostile("empty"))).found, "the end of the file");
});

/*
 * mm/show_mem.c: si_mem_available(), in pages. The three files were recorded at one moment (MACHINE.md), so there is no
 * tolerance: what the kernel says of itself has to come out of what was parsed.
 */
test("MemAvailable of the recorded machine can be recomputed from its meminfo, zoneinfo and vmstat", () => {
  const meminfo = parseMeminfo(readRecorded("meminfo"));
  const { zones } = parseZoneinfo(readRecorded("zoneinfo"));
  const kernelMisc = Number(/^nr_kernel_misc_reclaimable (\d+)$/m.exec(textOf(readRecorded("vmstat")))?.[1]);
  const lowMarks = zones.reduce((total, { low }) => total + low, 0);
  const reserved = zones.reduce(
    (total, { managed, protection, index, high }) =>
      total + Math.min(managed, Math.max(...protection.slice(index)) + high),
    0,
  );
  const halfOrMarks = (pages: number): number => pages - Math.min(Math.floor(pages / 2), lowMarks);
  const fileCache = (meminfo.activeFile + meminfo.inactiveFile) / 4;
  const kernelCaches = meminfo.slabReclaimable / 4 + kernelMisc;
  const available = meminfo.free / 4 - reserved + halfOrMarks(fileCache) + halfOrMarks(kernelCaches);
  assert.equal(meminfo.available, available * 4);
  assert.ok(parseVmstat(readRecorded("vmstat")).fileRefaults > 0);
});
