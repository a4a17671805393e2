import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { gib, mib, milliseconds } from "#domain/units.ts";
import { decide } from "#engine/decide.ts";
import { initialState } from "#engine/engine-state.ts";
import { aPlan } from "#test/support/a-plan.ts";
import { aSnapshot, someMeminfo, someTable } from "#test/support/a-snapshot.ts";
import {
  findings,
  hog,
  hogIdentity,
  type Look,
  last,
  live,
  neighbour,
  opening,
  see,
  tableBelow,
} from "#test/support/engine-life.ts";

describe("when to act", () => {
  it("does nothing and looks again after the calm pace while memory is plenty", () => {
    const verdict = last([{ at: 0, available: 14_000 }]);
    assert.deepEqual(verdict.decisions, []);
    assert.deepEqual(verdict.findings, []);
    assert.equal(verdict.next.at, 1000);
    assert.ok(!verdict.next.needs.includes("processes"));
  });

  it("only warns below high, and reads the table to have it warm", () => {
    const verdict = last([{ at: 0, available: 1100 }]);
    assert.deepEqual(verdict.decisions, []);
    assert.deepEqual(findings(verdict), ["alarm-raised"]);
    assert.ok(verdict.next.needs.includes("processes"));
    assert.equal(verdict.next.isPressing, false);
  });

  it("looks closer at once before it chooses below low", () => {
    const verdict = last([{ at: 0, available: 700 }]);
    assert.deepEqual(verdict.decisions, []);
    assert.equal(verdict.next.at, 0);
    assert.ok(verdict.next.needs.includes("processes"));
    assert.equal(verdict.next.isPressing, true);
  });

  it("asks the victim to end below low", () => {
    const decision = opening(last([tableBelow(700)]));
    assert.equal(decision.signal, "SIGTERM");
    assert.equal(decision.reapsAtOnce, false);
    assert.deepEqual(decision.victim.identity, hogIdentity);
    assert.equal(decision.eligible, 2);
    assert.deepEqual(
      decision.ranking.map(({ comm }) => comm),
      ["hog", "neighbour"],
    );
    assert.deepEqual(decision.alarm.reason, {
      kind: "below-watermark",
      zone: "headroom",
      watermark: "low",
      headroom: mib(700),
      threshold: mib(800),
    });
  });

  it("does not ask who is stopped and cannot hear it, and leaves the memory to its own exit", () => {
    const decision = opening(last([{ at: 0, available: 700, table: [{ ...hog, isStopped: true }, neighbour] }]));
    assert.deepEqual(decision.victim.identity, hogIdentity);
    assert.equal(decision.signal, "SIGKILL");
    assert.equal(decision.reapsAtOnce, false);
  });

  it("kills and reaps at once below min", () => {
    const decision = opening(last([tableBelow(300)]));
    assert.equal(decision.signal, "SIGKILL");
    assert.equal(decision.reapsAtOnce, true);
    assert.equal(decision.alarm.kind, "exhausted");
  });

  it("signals nobody exactly at low", () => {
    assert.deepEqual(last([tableBelow(800)]).decisions, []);
  });

  it("counts free swap as headroom", () => {
    const swapping = someMeminfo({ available: mib(300), swapTotal: gib(4), swapFree: gib(2) });
    const snapshot = aSnapshot({ at: 0, meminfo: swapping, table: someTable([hog]) });
    assert.deepEqual(decide(snapshot, initialState(milliseconds(0)), aPlan()).decisions, []);
  });

  it("acts on stall only when memory is short as well", () => {
    const stalled = (available: number): readonly Look[] => [
      { at: 0, available },
      { at: 1000, available, full: 900, table: [hog] },
    ];
    assert.equal(opening(last(stalled(2000))).alarm.kind, "stalling");
    assert.deepEqual(last(stalled(9000)).decisions, []);
  });

  it("does not take an old stall for one of now after a long pause", () => {
    const verdict = last([
      { at: 0, available: 2000 },
      { at: 600_000, available: 2000, full: 3000, table: [hog] },
    ]);
    assert.deepEqual(verdict.decisions, []);
  });

  it("keeps scarcity up until high is reached, without killing for it between low and high", () => {
    const [, recovering, still, over] = live([
      { at: 0, available: 700 },
      { at: 10, available: 900, table: [hog] },
      { at: 20, available: 950, table: [hog] },
      { at: 30, available: 1300, table: [hog] },
    ]);
    assert.deepEqual([recovering?.decisions, still?.decisions, over?.decisions], [[], [], []]);
    assert.equal(recovering?.state.alarm?.kind, "scarce");
    assert.deepEqual(recovering && findings(recovering), ["kill-withheld"]);
    assert.deepEqual(still && findings(still), []);
    assert.deepEqual(over && findings(over), ["alarm-cleared"]);
  });

  it("says once that meminfo is lost, and looks on", () => {
    const failure = { call: "pread", errno: "EIO", subject: "meminfo", advice: "Look at the kernel log" };
    const blind = { takenAt: milliseconds(0), victims: [], meminfo: { kind: "unavailable", failure } } as const;
    const first = decide(blind, initialState(milliseconds(0)), aPlan());
    const second = decide({ ...blind, takenAt: milliseconds(1000) }, first.state, aPlan());
    assert.deepEqual([findings(first), findings(second)], [["sensor-lost"], []]);
    assert.equal(second.next.at, 2000);
    const back = decide(see({ at: 2000, available: 12_000 }), second.state, aPlan());
    assert.deepEqual(findings(back), ["sensor-back"]);
  });
});
