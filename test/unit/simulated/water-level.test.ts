import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { waterLevel } from "#simulated/water-level.ts";

/** What each gets. */
const served = (wants: readonly number[], supply: number): readonly number[] => {
  const level = waterLevel(wants, supply);
  return wants.map((want) => Math.min(want, level));
};

describe("a supply that is shared in turn", () => {
  it("gives everybody all while there is enough", () => {
    assert.deepEqual(served([1, 2, 3], 6), [1, 2, 3]);
    assert.deepEqual(served([], 6), []);
  });

  it("gives all to who wants little, and equal parts to the others", () => {
    assert.deepEqual(served([1, 100, 50], 21), [1, 10, 10]);
    assert.deepEqual(served([4, 6, 100], 30), [4, 6, 20]);
  });

  it("gives nothing of nothing", () => {
    assert.deepEqual(served([5, 7], 0), [0, 0]);
  });
});
