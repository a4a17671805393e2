import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Quiet } from "#domain/quiet.ts";
import { kib, microseconds, milliseconds, seconds } from "#domain/units.ts";
import { makeQuietWatch } from "#linux/quiet-watch.ts";
import { parseMeminfo } from "#procfs/meminfo.ts";
import { parsePressure } from "#procfs/pressure.ts";
import { readRecorded, textOf } from "#test/support/fixture.ts";
import { makeTree } from "./tree.ts";

const meminfo = textOf(readRecorded("meminfo"));
const pressure = "some avg10=0.00 avg60=0.00 avg300=0.00 total=1000\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=10\n";
const memory = parseMeminfo(new TextEncoder().encode(meminfo));

const quiet: Quiet = {
  until: seconds(60),
  every: seconds(1),
  next: seconds(1),
  available: kib((memory.available ?? kib(2)) - 1),
  meminfo: memory,
  stalled: microseconds(1000),
};

/** Text with another number behind a label. */
const withNumber = (text: string, label: string, change: (number: number) => number): string =>
  text.replace(new RegExp(`(${label}\\s*)(\\d+)`), (_, before, digits) => `${before}${change(Number(digits))}`);

function watching() {
  const tree = makeTree({ "proc/meminfo": meminfo, "proc/pressure/memory": pressure });
  const write = (file: string, text: string) => tree.write(`proc/${file}`, text);
  let now = 0;
  const watch = makeQuietWatch(tree.root, () => milliseconds(++now));
  const dispose = (): void => {
    watch[Symbol.dispose]();
    tree[Symbol.dispose]();
  };
  return { watch, write, [Symbol.dispose]: dispose };
}

describe("the watch while it is quiet", () => {
  it("finds nothing new in what a look has seen, however often, and tells it as it was", () => {
    using watched = watching();
    const { watch, write } = watched;
    assert.ok(watch.isQuiet(quiet) && watch.isQuiet(quiet));
    write(
      "meminfo",
      withNumber(meminfo, "SwapFree:", (n) => n + 1),
    );
    assert.ok(!watch.isQuiet(quiet));
    const last = watch.takeLast();
    assert.deepEqual(last, {
      takenAt: 2,
      hasBeenQuiet: true,
      victims: [],
      meminfo: { kind: "known", value: memory },
      pressure: { kind: "known", value: parsePressure(new TextEncoder().encode(pressure)) },
    });
    assert.equal(watch.takeLast(), undefined);
  });

  for (const label of ["MemTotal:", "SwapTotal:", "SwapFree:", "Hugetlb:"]) {
    it(`ends when ${label} is another`, () => {
      using watched = watching();
      const { watch, write } = watched;
      write(
        "meminfo",
        withNumber(meminfo, label, (n) => n + 1),
      );
      assert.ok(!watch.isQuiet(quiet));
    });
  }

  it("ends when less is available than was allowed, and not before", () => {
    using watched = watching();
    const { watch, write } = watched;
    write(
      "meminfo",
      withNumber(meminfo, "MemAvailable:", (n) => n - 1),
    );
    assert.ok(watch.isQuiet(quiet));
    write(
      "meminfo",
      withNumber(meminfo, "MemAvailable:", (n) => n - 2),
    );
    assert.ok(!watch.isQuiet(quiet));
  });

  it("ends when tasks have stalled for longer than was allowed", () => {
    using watched = watching();
    const { watch, write } = watched;
    write(
      "pressure/memory",
      withNumber(pressure, "total=", (n) => n + 1),
    );
    assert.ok(!watch.isQuiet(quiet));
    assert.equal(watch.takeLast(), undefined);
  });

  it("ends when a file cannot be read or understood", () => {
    using watched = watching();
    const { watch, write } = watched;
    write("meminfo", "");
    assert.ok(!watch.isQuiet(quiet));
    using nowhere = makeQuietWatch("/nonexistent", () => milliseconds(0));
    assert.ok(!nowhere.isQuiet(quiet));
  });
});
