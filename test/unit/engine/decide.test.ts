import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Decision } from "#domain/decision.ts";
import { gib, kib, mib, milliseconds, pid, startTicks } from "#domain/units.ts";
import type { VictimReport } from "#domain/victim-report.ts";
import { decide, type Verdict } from "#engine/decide.ts";
import { type EngineState, initialState } from "#engine/engine-state.ts";
import type { Plan } from "#engine/plan.ts";
import { aPlan } from "#test/support/a-plan.ts";
import { aSnapshot, type ProcessWish, someMeminfo, somePressure, someTable } from "#test/support/a-snapshot.ts";
import { deepFreeze } from "#test/support/deep-freeze.ts";

const hog: ProcessWish = { pid: 100, comm: "hog", anon: gib(8), pageTables: mib(16) };
const neighbour: ProcessWish = { pid: 50, comm: "neighbour", anon: gib(2) };
const hogIdentity = { pid: pid(100), startTicks: startTicks(100) };
const neighbourIdentity = { pid: pid(50), startTicks: startTicks(50) };

const alive = (reap: Extract<VictimReport, { kind: "alive" }>["reap"]["kind"] = "not-asked"): VictimReport =>
  ({
    identity: hogIdentity,
    kind: "alive",
    reap: reap === "released" ? { kind: reap, took: milliseconds(30) } : { kind: "not-asked" },
  }) as const;

const exited = (at: number): VictimReport => ({
  identity: hogIdentity,
  kind: "exited",
  at: milliseconds(at),
  reap: { kind: "not-asked" },
});

interface Look {
  readonly at: number;
  readonly available: number;
  readonly anon?: number;
  readonly full?: number;
  readonly table?: readonly ProcessWish[];
  readonly victims?: readonly VictimReport[];
}

const see = ({ at, available, anon, full, table, victims }: Look) =>
  aSnapshot({
    at,
    meminfo: someMeminfo({ available: mib(available), ...(anon !== undefined && { anon: mib(anon) }) }),
    pressure: somePressure({ some: full ?? 0, full: full ?? 0 }),
    ...(table && { table: someTable(table) }),
    ...(victims && { victims }),
  });

/** Decides look after look, each with what the one before remembered; inputs are frozen. */
function live(looks: readonly Look[], plan: Plan = aPlan()): readonly Verdict[] {
  let state: EngineState = initialState(milliseconds(0));
  return looks.map((look) => {
    const verdict = decide(deepFreeze(see(look)), deepFreeze(state), deepFreeze(plan));
    state = verdict.state;
    return verdict;
  });
}

const last = (looks: readonly Look[], plan?: Plan): Verdict => {
  const verdict = live(looks, plan).at(-1);
  assert.ok(verdict);
  return verdict;
};

const kinds = (verdict: Verdict) => verdict.decisions.map(({ kind }) => kind);
const findings = (verdict: Verdict) => verdict.findings.map(({ kind }) => kind);
const opening = ({ decisions }: Verdict): Extract<Decision, { kind: "signal" }> => {
  const [decision] = decisions;
  assert.equal(decision?.kind, "signal");
  return decision;
};
const tableBelow = (available: number): Look => ({ at: 100, available, table: [hog, neighbour] });

describe("when to act", () => {
  it("does nothing and looks again after the calm pace while memory is plenty", () => {
    const verdict = last([{ at: 0, available: 12_000 }]);
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

describe("who cannot be chosen", () => {
  const chosen = (table: readonly ProcessWish[], plan?: Plan) =>
    last([{ at: 0, available: 300, table }], plan).decisions.flatMap((decision) =>
      decision.kind === "signal" ? [decision.victim.comm] : [],
    );

  it("never chooses init, itself, its ancestors, kernel threads or adj -1000, however large", () => {
    const big = gib(10);
    assert.deepEqual(
      chosen([
        { pid: 800, comm: "parent", anon: big },
        { pid: 2, comm: "kthreadd", anon: big, isKernelThread: true },
        { pid: 70, comm: "sacred", anon: big, oomScoreAdj: -1000 },
        { pid: 71, comm: "no-mm", hasNoMemory: true },
      ]).filter((comm) => comm !== "parent"),
      [],
    );
  });

  it("protects the whole parent chain of itself", () => {
    const table = someTable([{ pid: 700, comm: "shell", anon: gib(9) }, neighbour]);
    const processes = table.processes.map((process) =>
      process.identity.pid === table.self ? { ...process, parent: pid(700) } : process,
    );
    const snapshot = {
      ...see({ at: 0, available: 300 }),
      processes: { kind: "known", value: { ...table, processes } },
    } as const;
    const [decision] = decide(snapshot, initialState(milliseconds(0)), aPlan()).decisions;
    assert.equal(decision?.kind === "signal" && decision.victim.comm, "neighbour");
  });

  it("says that nobody can be chosen, and does not search again before the calm pace is over", () => {
    const [first, second, third] = live([
      { at: 0, available: 300, table: [] },
      { at: 20, available: 300 },
      { at: 1001, available: 300 },
    ]);
    assert.deepEqual(
      first?.findings.map((finding) => finding.kind === "kill-withheld" && finding.why).at(-1),
      "no-candidate",
    );
    assert.ok(!second?.next.needs.includes("processes"));
    assert.ok(third?.next.needs.includes("processes"));
  });

  it("watches the best candidate without a signal when it is dying already", () => {
    const verdict = last([{ at: 0, available: 300, table: [{ ...hog, isDying: true }, neighbour] }]);
    assert.deepEqual(kinds(verdict), ["adopt"]);
  });
});

describe("how a kill goes on", () => {
  const begun = tableBelow(700);

  it("takes no second victim while the first is in flight", () => {
    const verdict = last([begun, { at: 200, available: 600, table: [hog, neighbour], victims: [alive()] }]);
    assert.deepEqual(verdict.decisions, []);
  });

  it("sends SIGKILL when the grace of SIGTERM is over", () => {
    const before = last([begun, { at: 3090, available: 700, victims: [alive()] }]);
    assert.deepEqual(before.decisions, []);
    assert.equal(before.next.at, 3100);
    const after = last([begun, { at: 3100, available: 700, victims: [alive()] }]);
    assert.deepEqual(after.decisions, [
      { kind: "escalate", victim: hogIdentity, reapsAtOnce: false, why: "grace-over" },
    ]);
  });

  it("sends SIGKILL at once when min is crossed", () => {
    const verdict = last([begun, { at: 110, available: 399, victims: [alive()] }]);
    assert.deepEqual(verdict.decisions, [
      { kind: "escalate", victim: hogIdentity, reapsAtOnce: true, why: "exhausted" },
    ]);
  });

  it("does not kill what ignored SIGTERM when memory recovered without it", () => {
    const recovering = last([begun, { at: 3200, available: 900, victims: [alive()] }]);
    assert.deepEqual(recovering.decisions, []);
    const over = last([begun, { at: 3200, available: 1300, victims: [alive()] }]);
    assert.deepEqual(kinds(over), ["release"]);
    assert.deepEqual(findings(over), ["alarm-cleared", "victim-spared"]);
  });

  it("reaps a killed victim when it has not ended within its grace, once", () => {
    const killed: readonly Look[] = [begun, { at: 3100, available: 700, victims: [alive()] }];
    assert.deepEqual(last([...killed, { at: 3200, available: 700, victims: [alive()] }]).decisions, []);
    const reaping: Look = { at: 3250, available: 700, victims: [alive()] };
    assert.deepEqual(kinds(last([...killed, reaping])), ["reap"]);
    assert.deepEqual(kinds(last([...killed, reaping, { ...reaping, at: 3300 }])), []);
  });

  it("calls memory back when what processes hold has fallen, even if nothing more is available yet", () => {
    const gone: Look = { at: 150, available: 700, anon: 15_684 - 8000, victims: [exited(140)] };
    const verdict = last([begun, gone]);
    assert.deepEqual(findings(verdict), ["victim-exited", "memory-back"]);
    assert.deepEqual(kinds(verdict), ["release"]);
  });

  it("does not kill again while freed memory is on its way back to MemAvailable", () => {
    const gone: Look = { at: 150, available: 700, anon: 15_684 - 8000, victims: [exited(140)] };
    const lagging: Look = { at: 1500, available: 700, anon: 15_684 - 8000, table: [neighbour] };
    assert.deepEqual(last([begun, gone, lagging]).decisions, []);
    const neverCame: Look = { ...lagging, at: 16_000 };
    assert.deepEqual(kinds(last([begun, gone, neverCame])), ["signal"]);
  });

  it("counts reaped memory as back before the victim has exited", () => {
    const reaped: Look = { at: 150, available: 9000, victims: [alive("released")] };
    const verdict = last([tableBelow(300), reaped]);
    assert.deepEqual(findings(verdict), ["alarm-cleared", "victim-reaped", "memory-back"]);
    assert.deepEqual(kinds(verdict), ["release"]);
  });

  it("says that memory is late when the victim is gone and nothing came back", () => {
    const gone: Look = { at: 150, available: 700, victims: [exited(140)] };
    assert.deepEqual(findings(last([begun, gone])), ["victim-exited"]);
    const verdict = last([begun, gone, { at: 650, available: 700, victims: [exited(140)] }]);
    assert.deepEqual(findings(verdict), ["memory-late"]);
    assert.deepEqual(kinds(verdict), ["release"]);
  });

  it("waits for the cool-down after a kill, unless min is crossed", () => {
    const done: readonly Look[] = [
      begun,
      { at: 150, available: 700, victims: [exited(140)] },
      { at: 650, available: 700, victims: [exited(140)] },
    ];
    const cooling = last([...done, { at: 700, available: 700, table: [neighbour] }]);
    assert.deepEqual(cooling.decisions, []);
    const again = last([...done, { at: 1650, available: 700, table: [neighbour] }]);
    assert.deepEqual(opening(again).victim.identity, neighbourIdentity);
    const exhausted = last([...done, { at: 700, available: 300, table: [neighbour] }]);
    assert.equal(opening(exhausted).signal, "SIGKILL");
  });

  it("does not let the stall of before a kill kill again", () => {
    const killed: readonly Look[] = [
      { at: 0, available: 2000 },
      { at: 1000, available: 2000, full: 900, table: [hog] },
      { at: 1100, available: 2000, full: 950, victims: [exited(1050)] },
      { at: 1600, available: 2000, full: 950, victims: [exited(1050)] },
      { at: 1601, available: 2000, full: 950 },
    ];
    const after: Look = { at: 2700, available: 2000, full: 960, table: [neighbour] };
    assert.deepEqual(last([...killed, after]).decisions, []);
    const stalledAnew: Look = { at: 3590, available: 2000, full: 1800, table: [neighbour] };
    assert.equal(opening(last([...killed, after, stalledAnew])).alarm.kind, "stalling");
  });

  it("gives a victim up that survives SIGKILL, and takes the next at once", () => {
    const verdict = last([tableBelow(300), { at: 3100, available: 300, table: [hog, neighbour], victims: [alive()] }]);
    assert.deepEqual(kinds(verdict), ["release", "signal"]);
    const [, decision] = verdict.decisions;
    assert.equal(decision?.kind === "signal" && decision.victim.comm, "neighbour");
    assert.deepEqual(findings(verdict), ["victim-skipped"]);
  });

  it("takes the next candidate at once when the machine refused the first, without spending budget", () => {
    const refusal: VictimReport = { identity: hogIdentity, kind: "refused", why: "identity-changed" };
    const verdict = last([tableBelow(300), { at: 101, available: 300, table: [hog, neighbour], victims: [refusal] }]);
    assert.deepEqual(kinds(verdict), ["release", "signal"]);
    assert.equal(verdict.state.kills.length, 1);
  });

  it("kills no more often than its budget, even below min", () => {
    const plan = aPlan({ kill: { ...aPlan().kill, budget: 1 } });
    const done: readonly Look[] = [
      tableBelow(300),
      { at: 150, available: 300, victims: [exited(140)] },
      { at: 700, available: 300, victims: [exited(140)] },
    ];
    const spent = last([...done, { at: 2000, available: 300, table: [neighbour] }], plan);
    assert.deepEqual(spent.decisions, []);
    assert.deepEqual(
      spent.findings.map((finding) => finding.kind === "kill-withheld" && finding.why),
      ["budget-spent"],
    );
    const later = last([...done, { at: 60_101, available: 300, table: [neighbour] }], plan);
    assert.deepEqual(kinds(later), ["signal"]);
  });

  it("names the same process again after a rehearsal, when the cool-down is over", () => {
    const rehearsed: VictimReport = { identity: hogIdentity, kind: "rehearsed" };
    const looks: readonly Look[] = [begun, { at: 120, available: 700, victims: [rehearsed] }];
    assert.deepEqual(kinds(last(looks)), ["release"]);
    const again = last([...looks, { at: 1120, available: 700, table: [hog, neighbour] }]);
    assert.deepEqual(opening(again).victim.identity, hogIdentity);
  });

  it("does not count kib that were never expected: a victim without memory is back at once", () => {
    const small: ProcessWish = { pid: 100, comm: "small", anon: kib(4) };
    const verdict = last([
      { at: 100, available: 300, table: [small] },
      { at: 110, available: 300, anon: 15_000, victims: [exited(105)] },
    ]);
    assert.ok(findings(verdict).includes("memory-back"));
  });
});
