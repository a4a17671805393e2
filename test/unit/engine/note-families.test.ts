import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { last } from "#test/support/engine-life.ts";
import { browser } from "#test/support/storms.ts";

describe("the process table", () => {
  it("is read before an alarm, when headroom will be below high in seconds", () => {
    const steep = last([
      { at: 0, available: 6000 },
      { at: 1000, available: 4000 },
    ]);
    assert.ok(steep.next.needs.includes("processes"));
    const slow = last([
      { at: 0, available: 6000 },
      { at: 1000, available: 5500 },
    ]);
    assert.ok(!slow.next.needs.includes("processes"));
  });

  it("is not read again as long as what it told then is remembered", () => {
    const verdict = last([
      { at: 0, available: 6000 },
      { at: 1000, available: 4000 },
      { at: 1500, available: 3000, table: [browser] },
    ]);
    assert.ok(!verdict.next.needs.includes("processes"));
  });
});
