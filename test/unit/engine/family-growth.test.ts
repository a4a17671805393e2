import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type KiB, mib, milliseconds } from "#domain/units.ts";
import { nameFamilies } from "#engine/family.ts";
import { growthsSince } from "#engine/family-growth.ts";
import { openLedger } from "#engine/family-ledger.ts";
import { type ProcessWish, someProcess, someTable } from "#test/support/a-snapshot.ts";

/** What grew between two tables, by the name of the programs. */
function growths(
  before: readonly ProcessWish[],
  now: readonly ProcessWish[],
  settled: ReadonlyMap<string, KiB> = new Map(),
): readonly (readonly [string, KiB])[] {
  const ledger = { ...openLedger(someTable(before), milliseconds(0)), settled };
  const seen = now.map(someProcess);
  return growthsSince(seen, ledger, nameFamilies(seen)).map((growth) => [growth.family, growth.grown] as const);
}

const worker = { parent: 20, comm: "worker" };
const family = "20 1000 worker";

describe("the growth of families", () => {
  it("is what its members hold more, those who came included, less what those held who went", () => {
    const before = [
      { ...worker, pid: 100, anon: mib(100) },
      { ...worker, pid: 101, anon: mib(50) },
    ];
    const now = [
      { ...worker, pid: 100, anon: mib(160) },
      { ...worker, pid: 102, anon: mib(30) },
    ];
    assert.deepEqual(growths(before, now), [[family, mib(40)]]);
  });

  it("is not told of families that hold the same or less, or of which nobody is left", () => {
    const idle = { pid: 200, parent: 21, comm: "idle", anon: mib(70) };
    const before = [
      idle,
      { ...worker, pid: 100, anon: mib(100) },
      { pid: 300, parent: 22, comm: "gone", anon: mib(1) },
    ];
    const now = [idle, { ...worker, pid: 100, anon: mib(90) }];
    const settled = new Map([["22 1000 gone", mib(500)]]);
    assert.deepEqual(growths(before, now, settled), []);
  });

  it("counts what a killed member gave back, even if all others hold what they held", () => {
    const left = { ...worker, pid: 100, anon: mib(100) };
    const before = [left, { ...worker, pid: 101, anon: mib(50) }];
    assert.deepEqual(growths(before, [left], new Map([[family, mib(200)]])), [[family, mib(150)]]);
  });

  it("is none of somebody who did not change and is called by another name, because its first parent has gone", () => {
    const first = { pid: 100, parent: 20, comm: "worker", anon: mib(10) };
    const second = { pid: 101, parent: 100, comm: "worker", anon: mib(10) };
    const third = { pid: 102, parent: 101, comm: "worker", anon: mib(500) };
    assert.deepEqual(growths([first, second, third], [{ ...second, parent: 1 }, third]), []);
  });

  it("is the same in whatever order the processes are", () => {
    const before = [100, 101, 102, 103].map((pid) => ({ ...worker, pid, anon: mib(pid) }));
    const now = [...before.slice(1), { ...worker, pid: 104, anon: mib(300) }].map((wish) => ({
      ...wish,
      swap: mib(1),
    }));
    assert.deepEqual(growths(before, now.toReversed()), growths(before, now));
    assert.deepEqual(growths(before.toReversed(), now), growths(before, now));
  });
});
