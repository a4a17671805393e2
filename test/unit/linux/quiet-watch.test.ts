import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Quiet } from "#domain/quiet.ts";
import { kib, type Milliseconds, microseconds, milliseconds, seconds } from "#domain/units.ts";
import { sharedNow } from "#linux/clock.ts";
import { makeQuietWatch } from "#linux/quiet-watch.ts";
import { type GuardedFile, makeVigil } from "#native-bindings/vigil.ts";
import { parseMeminfo } from "#procfs/meminfo.ts";
import { parsePressure } from "#procfs/pressure.ts";
import { readRecorded, textOf } from "#test/support/fixture.ts";
import { makeTree } from "./tree.ts";

const meminfo = textOf(readRecorded("meminfo"));
const pressure = "some avg10=0.00 avg60=0.00 avg300=0.00 total=1000\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=10\n";
const memory = parseMeminfo(new TextEncoder().encode(meminfo));

const available = memory.available ?? kib(2);

const quiet: Quiet = {
  until: seconds(60),
  every: seconds(1),
  next: seconds(1),
  available: kib(available - 1),
  meminfo: memory,
  stalled: microseconds(1000),
};

/** Text with another number behind a label. */
const withNumber = (text: string, label: string, change: (number: number) => number): string =>
  text.replace(new RegExp(`(${label}\\s*)(\\d+)`), (_, before, digits) => `${before}${change(Number(digits))}`);

/** As the kernel prints it. */
const aligned = (line: string, label: string): string => `${label}${/\d+/.exec(line)?.[0]?.padStart(11)} kB`;

/** Bounds over the files as they are now, and whether a vigil over them is over, or ends because something moved. */
function watching() {
  const tree = makeTree({ "proc/meminfo": meminfo, "proc/pressure/memory": pressure });
  const now = (): Milliseconds => milliseconds(performance.now());
  const watch = makeQuietWatch(tree.root, { now, monotonic: sharedNow });
  const vigil = makeVigil();
  const keep = async (files: readonly GuardedFile[]) => {
    const { why, last } = await vigil.keep({ watched: [], every: milliseconds(1), rounds: 1, files });
    watch.remember(last);
    return why;
  };
  const write = (file: string, text: string) => tree.write(`proc/${file}`, text);
  const guard = (wanted = quiet): readonly GuardedFile[] => {
    const files = watch.guard(wanted);
    assert.ok(files);
    return files;
  };
  const dispose = (): void => {
    for (const part of [watch, vigil, tree]) part[Symbol.dispose]();
  };
  return { watch, guard, keep, write, [Symbol.dispose]: dispose };
}

describe("the watch while it is quiet", () => {
  it("finds nothing new in what a look has seen, and tells it as it was, and when", async () => {
    using watched = watching();
    const { watch, guard, keep, write } = watched;
    const files = guard();
    const before = performance.now();
    assert.equal(await keep(files), "over");
    const after = performance.now();
    write(
      "meminfo",
      withNumber(meminfo, "SwapFree:", (n) => n + 1),
    );
    assert.equal(await keep(files), "moved");
    const last = watch.takeLast();
    assert.ok(last && last.takenAt >= before && last.takenAt <= after);
    assert.deepEqual(last, {
      takenAt: last.takenAt,
      hasBeenQuiet: true,
      victims: [],
      meminfo: { kind: "known", value: memory },
      pressure: { kind: "known", value: parsePressure(new TextEncoder().encode(pressure)) },
    });
    assert.equal(watch.takeLast(), undefined);
  });

  for (const label of ["MemTotal:", "SwapTotal:", "SwapFree:", "Hugetlb:"]) {
    it(`ends when ${label} is another, and does not begin`, async () => {
      using watched = watching();
      const { watch, guard, keep, write } = watched;
      const files = guard();
      const less = withNumber(meminfo, label, (n) => Math.max(0, n - 1));
      write("meminfo", less);
      assert.equal(await keep(files), less === meminfo ? "over" : "moved");
      write(
        "meminfo",
        withNumber(meminfo, label, (n) => n + 1),
      );
      assert.equal(await keep(files), "moved");
      assert.equal(watch.guard(quiet), undefined);
    });
  }

  it("ends when less is available than was allowed, and not before", async () => {
    using watched = watching();
    const { watch, guard, keep, write } = watched;
    const files = guard();
    for (const [change, why] of [
      [-1, "over"],
      [-2, "moved"],
      [+1, "over"],
      [-available + 7, "moved"],
    ] as const) {
      write("meminfo", withNumber(meminfo, "MemAvailable:", (n) => n + change).replace(/(MemAvailable:).*/, aligned));
      assert.equal(await keep(files), why, `${change}`);
      assert.equal(watch.guard(quiet) === undefined, why === "moved");
    }
  });

  it("ends when a number takes more places than it had, whatever it is then", async () => {
    using watched = watching();
    const { guard, keep, write } = watched;
    const files = guard();
    write("meminfo", meminfo.replace(/(MemAvailable:) *\d+/, "$1   123456789"));
    assert.equal(await keep(files), "moved");
    assert.equal(await keep(guard()), "over");
  });

  it("ends when tasks have stalled for longer than was allowed, and not before", async () => {
    using watched = watching();
    const { watch, guard, keep, write } = watched;
    const files = guard({ ...quiet, stalled: microseconds(1002.5) });
    write("pressure/memory", pressure.replace("total=1000", "total=1002"));
    assert.equal(await keep(files), "over");
    write("pressure/memory", pressure.replace("total=1000", "total=1003"));
    assert.equal(await keep(files), "moved");
    assert.equal(watch.guard(quiet), undefined);
  });

  it("bears any stall of so many places where more are allowed", async () => {
    using watched = watching();
    const { guard, keep, write } = watched;
    const files = guard({ ...quiet, stalled: microseconds(20_000) });
    write("pressure/memory", pressure.replace("total=1000", "total=9999"));
    assert.equal(await keep(files), "over");
  });

  it("ends when a file cannot be read, or is not what it was", async () => {
    using watched = watching();
    const { watch, guard, keep, write } = watched;
    const files = guard();
    write("meminfo", "");
    assert.equal(await keep(files), "moved");
    assert.equal(watch.guard(quiet), undefined);
    using nowhere = makeQuietWatch("/nonexistent", { now: () => milliseconds(0), monotonic: sharedNow });
    assert.equal(nowhere.guard(quiet), undefined);
  });
});
