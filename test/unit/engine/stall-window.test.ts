import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Stall } from "#domain/pressure.ts";
import { microseconds, milliseconds, percent } from "#domain/units.ts";
import { openStallWindow, sampleStall } from "#engine/stall-window.ts";

const stalled = (ms: number): Stall => ({
  average10: percent(0),
  average60: percent(0),
  average300: percent(0),
  total: microseconds(ms * 1000),
});
const size = milliseconds(2000);
const open = openStallWindow(milliseconds(0), stalled(5000), "full");
const sample = (at: number, ms: number) => sampleStall(open, stalled(ms), { at: milliseconds(at), size });

describe("a stall window", () => {
  it("begins at nothing, whatever was stalled before it", () => {
    assert.equal(sample(0, 5000).share, 0);
  });

  it("gives the share of the whole window that was stalled so far", () => {
    assert.equal(sample(1000, 5500).share, 25);
  });

  it("rolls over, and keeps what the new window has not reached yet of the old one", () => {
    const rolled = sample(2500, 7000);
    assert.equal(rolled.share, 80);
    const half = sampleStall(rolled.window, stalled(7000), { at: milliseconds(3500), size });
    assert.equal(half.share, 40);
    const over = sampleStall(rolled.window, stalled(7000), { at: milliseconds(4500), size });
    assert.equal(over.share, 0);
  });

  it("spreads what grew during a long pause over the pause", () => {
    assert.equal(sample(200_000, 7000).share, 1);
  });

  it("takes a counter that went back for one that stood still", () => {
    assert.equal(sample(1000, 10).share, 0);
  });

  it("never says more than all of the time", () => {
    assert.equal(sample(1000, 50_000).share, 100);
  });
});
