import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { milliseconds } from "#domain/units.ts";
import { openWindow, sampleWindow } from "#engine/counter-window.ts";

const size = milliseconds(2000);
const open = openWindow(milliseconds(0), { full: 5000 });
const sample = (at: number, full: number) => sampleWindow(open, { full }, { at: milliseconds(at), size });

describe("a window of counters", () => {
  it("begins at nothing, whatever was counted before it", () => {
    assert.equal(sample(0, 5000).growth["full"], 0);
  });

  it("gives the growth so far", () => {
    assert.equal(sample(1000, 5500).growth["full"], 500);
  });

  it("rolls over, and keeps what the new window has not reached yet of the old one", () => {
    const rolled = sample(2500, 7000);
    assert.equal(rolled.growth["full"], 1600);
    const half = sampleWindow(rolled.window, { full: 7000 }, { at: milliseconds(3500), size });
    assert.equal(half.growth["full"], 800);
    const over = sampleWindow(rolled.window, { full: 7000 }, { at: milliseconds(4500), size });
    assert.equal(over.growth["full"], 0);
  });

  it("spreads what grew between looks that are far apart over the time between them", () => {
    assert.equal(sample(200_000, 7000).growth["full"], 20);
  });

  it("takes a counter that went back for one that stood still", () => {
    assert.equal(sample(1000, 10).growth["full"], 0);
  });

  it("takes a counter that was not there before for one that stood still", () => {
    const { growth } = sampleWindow(open, { full: 5000, some: 900 }, { at: milliseconds(1000), size });
    assert.deepEqual(growth, { full: 0, some: 0 });
  });

  it("counts one that is not read at every look from the first look that reads it", () => {
    const at = (time: number) => ({ at: milliseconds(time), size });
    const unread = sampleWindow(open, { full: 5000, io: undefined }, at(500));
    assert.deepEqual(unread.growth, { full: 0, io: 0 });
    const first = sampleWindow(unread.window, { full: 5500, io: 900 }, at(1000));
    assert.deepEqual(first.growth, { full: 500, io: 0 });
    const second = sampleWindow(first.window, { full: 5600, io: 1000 }, at(1500));
    assert.deepEqual(second.growth, { full: 600, io: 100 });
    const missed = sampleWindow(second.window, { full: 5600, io: undefined }, at(1600));
    assert.deepEqual(sampleWindow(missed.window, { full: 5600, io: 1200 }, at(1700)).growth, { full: 600, io: 300 });
  });
});
