import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { claimAtMost } from "#test/support/bench/bench.ts";

describe("a claim of a bench", () => {
  it("holds at its limit, and not above it", () => {
    assert.equal(claimAtMost("at most 2", 2, 2).holds, true);
    assert.equal(claimAtMost("at most 2", 2.001, 2).holds, false);
  });

  it("does not hold when nothing was measured", () => {
    const nothing = { claim: "at most 2", found: "not measured", holds: false };
    assert.deepEqual(claimAtMost("at most 2", undefined, 2), nothing);
    assert.deepEqual(claimAtMost("at most 2", NaN, 2), nothing);
  });
});
