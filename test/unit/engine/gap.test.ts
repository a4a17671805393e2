import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { findings, hog, type Look, last, live, opening } from "#test/support/engine-life.ts";

/** Little is available all the time, and nothing was stalled until the first look. */
const calm: Look = { at: 0, available: 2000 };
const shortage = { available: 2000, table: [hog] };

describe("a gap between looks", () => {
  it("makes no evidence of what grew in it: PSI counts a paused machine's waiting task as stalled", () => {
    const paused = last([calm, { at: 61_000, late: 60_000, full: 60_000, ...shortage }]);
    assert.deepEqual([paused.decisions, findings(paused)], [[], ["look-missed"]]);
  });

  it("of a suspend restarts windows, although the clock stood still", () => {
    const resumed = last([calm, { at: 1000, sleptFor: 3_600_000, full: 900, ...shortage }]);
    assert.deepEqual([resumed.decisions, findings(resumed)], [[], ["look-missed"]]);
    assert.equal(opening(last([calm, { at: 1000, full: 900, ...shortage }])).alarm.kind, "stalling");
  });

  it("hides no stall that goes on after it: it is answered within a window", () => {
    const verdicts = live([
      calm,
      { at: 61_000, late: 60_000, full: 60_000, ...shortage },
      { at: 61_500, full: 60_400, ...shortage },
      { at: 62_000, full: 60_850, ...shortage },
    ]);
    assert.deepEqual(
      verdicts.map(({ decisions }) => decisions.length),
      [0, 0, 0, 1],
    );
  });

  it("does not hide what is there now: scarcity is answered at the first look", () => {
    assert.equal(opening(last([calm, { at: 61_000, late: 60_000, available: 700, table: [hog] }])).signal, "SIGTERM");
    assert.equal(opening(last([calm, { at: 61_000, sleptFor: 9000, available: 300, table: [hog] }])).signal, "SIGKILL");
  });

  it("leaves no trend: a fall over the gap is none of now", () => {
    const verdict = last([
      { at: 0, available: 14_000 },
      { at: 61_000, late: 60_000, available: 1150 },
    ]);
    assert.deepEqual([verdict.state.trend?.fall, verdict.state.trend?.lastFall], [0, 0]);
  });

  it("that follows another is a machine that starves us, and what grew in it is evidence", () => {
    const starved = live([
      calm,
      { at: 3000, late: 2000, full: 2000, ...shortage },
      { at: 6000, late: 2900, full: 4500, ...shortage },
    ]);
    assert.deepEqual(starved.map(findings), [[], ["look-missed"], ["alarm-raised"]]);
    assert.equal(starved[2] && opening(starved[2]).alarm.kind, "stalling");
  });

  it("long after another is one again", () => {
    const again = last([
      calm,
      { at: 3000, late: 2000, ...shortage },
      { at: 13_000, ...shortage },
      { at: 16_000, late: 2000, full: 3000, ...shortage },
    ]);
    assert.deepEqual([again.decisions, findings(again)], [[], ["look-missed"]]);
  });

  it("is not a look that comes a little late", () => {
    assert.deepEqual(findings(last([calm, { at: 1499, late: 499, available: 2000 }])), []);
  });
});
