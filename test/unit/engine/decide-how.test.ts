import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { kib, milliseconds } from "#domain/units.ts";
import type { VictimReport } from "#domain/victim-report.ts";
import { decide } from "#engine/decide.ts";
import { initialState } from "#engine/engine-state.ts";
import { aPlan } from "#test/support/a-plan.ts";
import type { ProcessWish } from "#test/support/a-snapshot.ts";
import {
  alive,
  escalation,
  exited,
  findings,
  hog,
  hogIdentity,
  kinds,
  type Look,
  last,
  neighbour,
  neighbourIdentity,
  opening,
  see,
  tableBelow,
} from "#test/support/engine-life.ts";

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
    assert.deepEqual(escalation(after), {
      identity: hogIdentity,
      reapsAtOnce: false,
      why: "grace-over",
      alarm: "scarce",
    });
  });

  it("sends SIGKILL at the very look that was planned for it, whatever rounding does to the time between", () => {
    const at = 5192.3;
    const due = at + 3000;
    assert.ok(due - at < 3000, "these times do not round to less than the grace");
    const verdict = last([
      { ...begun, at },
      { at: due, available: 700, victims: [alive()] },
    ]);
    assert.equal(escalation(verdict).why, "grace-over");
  });

  it("sends SIGKILL at once when min is crossed", () => {
    const verdict = last([begun, { at: 110, available: 399, victims: [alive()] }]);
    assert.deepEqual(escalation(verdict), {
      identity: hogIdentity,
      reapsAtOnce: true,
      why: "exhausted",
      alarm: "exhausted",
    });
  });

  it("lets a victim go when other rules are in force than those it was chosen under, before it is killed", () => {
    const first = decide(see(begun), initialState(milliseconds(0)), aPlan());
    const isHog = { source: "hog", matches: (text: string) => text === "hog" };
    const protecting = aPlan({ rules: [{ verdict: "never", origin: "reloaded", when: { name: isHog } }] });
    const reloaded = decide(see({ at: 200, available: 700, victims: [alive()] }), first.state, protecting);
    assert.deepEqual(kinds(reloaded), ["release"]);
    const again = decide(see({ at: 1300, available: 300, table: [hog, neighbour] }), reloaded.state, protecting);
    assert.deepEqual(opening(again).victim.identity, neighbourIdentity);
  });

  it("does not kill what ignored SIGTERM when memory recovered without it", () => {
    const early = last([begun, { at: 3000, available: 900, victims: [alive()] }]);
    assert.deepEqual(early.decisions, []);
    const recovering = last([begun, { at: 3200, available: 900, victims: [alive()] }]);
    assert.deepEqual(kinds(recovering), ["release"]);
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

  it("leaves a killed victim to its own exit while a part of its memory comes back, for half of the time it has", () => {
    const killed: readonly Look[] = [begun, { at: 3100, available: 700, victims: [alive()] }];
    const giving: Look = { at: 3250, available: 700, anon: 15_684 - 2000, victims: [alive()] };
    assert.deepEqual(kinds(last([...killed, giving])), []);
    assert.deepEqual(kinds(last([...killed, { ...giving, available: 300 }])), ["reap"], "below min there is no time");
    const late: Look = { ...giving, at: 3100 + 1500 };
    assert.deepEqual(kinds(last([...killed, giving, late])), ["reap"]);
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

  it("takes the next candidate when the machine does not know of the first any more", () => {
    const verdict = last([tableBelow(300), { at: 101, available: 300, table: [hog, neighbour] }]);
    assert.deepEqual(kinds(verdict), ["release", "signal"]);
    const [finding] = verdict.findings;
    assert.deepEqual(finding?.kind === "victim-skipped" && finding.skipped, { kind: "refused", why: "not-reported" });
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
