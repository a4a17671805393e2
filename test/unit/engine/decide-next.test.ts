import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { known } from "#domain/snapshot.ts";
import { gib, milliseconds, seconds } from "#domain/units.ts";
import type { VictimReport } from "#domain/victim-report.ts";
import { decide } from "#engine/decide.ts";
import { initialState } from "#engine/engine-state.ts";
import { aPlan, stallDetector } from "#test/support/a-plan.ts";
import { type ProcessWish, somePressure } from "#test/support/a-snapshot.ts";
import {
  alive,
  exited,
  findings,
  hog,
  hogIdentity,
  kinds,
  type Look,
  last,
  live,
  neighbour,
  neighbourIdentity,
  opening,
  see,
  tableBelow,
} from "#test/support/engine-life.ts";

const both = [hog, neighbour];

describe("a victim that was asked to end and did not", () => {
  const begun = tableBelow(700);

  it("is let go when its grace is over and memory recovers without it, even before the alarm is over", () => {
    const verdict = last([begun, { at: 3200, available: 900, victims: [alive()] }]);
    assert.deepEqual(kinds(verdict), ["release"]);
    assert.ok(findings(verdict).includes("victim-spared"));
    assert.equal(verdict.state.inFlight, undefined);
  });

  it("is not killed for a later shortage that is somebody else's", () => {
    const grown: ProcessWish = { pid: 70, comm: "grown", anon: gib(12) };
    const spared: readonly Look[] = [begun, { at: 3200, available: 900, victims: [alive()] }];
    const later = last([...spared, { at: 600_000, available: 700, table: [...both, grown] }]);
    assert.equal(opening(later).victim.comm, "grown");
  });

  it("is asked again, before all others, when it grows on", () => {
    const spared: readonly Look[] = [begun, { at: 3200, available: 1300, victims: [alive()] }];
    const later = last([...spared, { at: 60_000, available: 700, table: both }]);
    assert.deepEqual(opening(later).victim.identity, hogIdentity);
  });
});

describe("a large victim that heeds SIGTERM", () => {
  /** 3 of its 8 GiB are back. */
  const leaving = (at: number): Look => ({ at, available: 3700, anon: 12_684, victims: [alive()] });
  const begun = tableBelow(700);

  it("is followed to its end although its grace is over: its memory is coming back", () => {
    assert.deepEqual(kinds(last([begun, leaving(3200)])), []);
    const gone: Look = { at: 4000, available: 8700, anon: 7684, victims: [exited(3990)] };
    assert.deepEqual(findings(last([begun, leaving(3200), gone])), ["victim-exited", "memory-back"]);
  });

  it("is spared when it has given some back and then lives on", () => {
    const verdict = last([begun, leaving(3200), leaving(11_200)]);
    assert.deepEqual(findings(verdict), ["victim-spared"]);
  });
});

describe("a rehearsal below min", () => {
  it("is not repeated in every look: who would die is named once in a cool-down", () => {
    const rehearsed: VictimReport = { identity: hogIdentity, kind: "rehearsed" };
    const done: readonly Look[] = [tableBelow(300), { at: 104, available: 300, victims: [rehearsed] }];
    assert.ok(!last([...done, { at: 108, available: 300 }]).next.needs.includes("processes"));
    assert.ok(last([...done, { at: 1104, available: 300 }]).next.needs.includes("processes"));
  });
});

describe("a process that was refused as a victim", () => {
  const refusal: VictimReport = { identity: hogIdentity, kind: "refused", why: "shares-memory-with-protected" };
  const refused: readonly Look[] = [
    tableBelow(300),
    { at: 101, available: 300, table: both, victims: [refusal] },
    { at: 102, available: 9000, victims: [{ ...exited(102), identity: neighbourIdentity }] },
  ];

  it("is passed over as long as the shortage lasts", () => {
    const [, decision] = last(refused.slice(0, 2)).decisions;
    assert.equal(decision?.kind === "signal" && decision.victim.comm, "neighbour");
  });

  it("may be chosen in the next shortage: nothing was done to it, and what stood in the way may be gone", () => {
    const next = last([...refused, { at: 60_000, available: 300, table: both }]);
    assert.deepEqual(opening(next).victim.identity, hogIdentity);
  });
});

describe("memory that somebody else has taken already", () => {
  const eaten = (available: number): readonly Look[] => [
    tableBelow(300),
    { at: 150, available, anon: 16_000, victims: [exited(140)] },
    { at: 154, available: available - 16, anon: 16_016, victims: [exited(140)] },
    { at: 158, available: available - 32, anon: 16_032, victims: [exited(140)] },
  ];

  it("is not waited for when nothing will be left before the wait is over", () => {
    assert.ok(live(eaten(300)).some((verdict) => findings(verdict).includes("memory-late")));
  });

  it("is waited for while headroom is above min", () => {
    assert.ok(live(eaten(700)).every((verdict) => !findings(verdict).includes("memory-late")));
  });
});

describe("memory that comes back without us", () => {
  const exiting: ProcessWish = { ...hog, isDying: true, hasNoMemory: true };
  const killedByOthers = (available: number, table: readonly ProcessWish[]): readonly Look[] => [
    { at: 100, available: 200 },
    { at: 104, available, table },
  ];

  it("costs nobody else: while a process exits and headroom rises fast enough, nobody is signalled", () => {
    const verdict = last(killedByOthers(260, [exiting, neighbour]));
    assert.deepEqual(verdict.decisions, []);
    assert.ok(findings(verdict).includes("kill-withheld"));
  });

  it("is no excuse when headroom does not rise", () => {
    assert.deepEqual(opening(last(killedByOthers(190, [exiting, neighbour]))).victim.identity, neighbourIdentity);
  });

  it("is no excuse when it rises too slowly to end the shortage soon", () => {
    assert.deepEqual(opening(last(killedByOthers(201, [exiting, neighbour]))).victim.identity, neighbourIdentity);
  });

  it("is no excuse when nobody is exiting", () => {
    assert.deepEqual(opening(last(killedByOthers(260, [neighbour]))).victim.identity, neighbourIdentity);
  });
});

describe("memory that is owed", () => {
  /** 1 GiB is let go of, and all of it stays out of sight. */
  const lagging: readonly Look[] = [
    tableBelow(300),
    { at: 150, available: 300, anon: 16_084 - 5000, victims: [exited(140)] },
  ];

  it("is trusted while what was seen when the kill ended is still there", () => {
    assert.deepEqual(last([...lagging, { at: 1500, available: 295, anon: 11_084, table: [neighbour] }]).decisions, []);
  });

  it("does not hide a second hog that takes what is really there", () => {
    const second = last([...lagging, { at: 1500, available: 20, anon: 11_084 + 280, table: [neighbour] }]);
    assert.equal(opening(second).signal, "SIGKILL");
  });
});

describe("settings that change while nothing is wrong", () => {
  it("do not make years of some stall look like one of now, when the other line is watched from now on", () => {
    const watching = (line: "some" | "full") => aPlan({ detectors: [stallDetector({ line })] });
    const seen = (at: number) => ({
      ...see({ at, available: 2000, table: both }),
      pressure: known(somePressure({ some: 900_000, full: 1000 })),
    });
    const before = decide(seen(0), initialState(milliseconds(0)), watching("full"));
    const after = decide(seen(1000), before.state, watching("some"));
    assert.deepEqual([after.decisions, after.state.alarm], [[], undefined]);
  });
});

describe("grace", () => {
  it("of nothing means that nobody is asked first: SIGKILL comes at once, below low as well", () => {
    const plan = aPlan({ kill: { ...aPlan().kill, termGrace: milliseconds(0) } });
    const decision = opening(last([tableBelow(700)], plan));
    assert.equal(decision.signal, "SIGKILL");
    assert.equal(decision.reapsAtOnce, false);
  });

  it("of a killed victim that gives its memory back by itself grows with its size", () => {
    const huge: ProcessWish = { ...hog, anon: gib(8) };
    const leaving: VictimReport = { identity: hogIdentity, kind: "alive", reap: { kind: "exiting-by-itself" } };
    const looks = (at: number): readonly Look[] => [
      { at: 100, available: 300, table: [huge, neighbour] },
      { at: 100 + at, available: 300, table: [huge, neighbour], victims: [leaving] },
    ];
    assert.deepEqual(kinds(last(looks(3000))), []);
    assert.deepEqual(kinds(last(looks(seconds(9.1)))), ["release", "signal"]);
  });
});
