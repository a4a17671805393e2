import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { mib, milliseconds } from "#domain/units.ts";
import { decide } from "#engine/decide.ts";
import { initialState } from "#engine/engine-state.ts";
import { aMemcg, app } from "#test/support/a-memcg.ts";
import { aSnapshot, somePressure, someTable } from "#test/support/a-snapshot.ts";
import { findings, kinds } from "#test/support/engine-life.ts";
import {
  helper,
  inside,
  last,
  never,
  outside,
  plan,
  report,
  see,
  signals,
  withheld,
} from "#test/support/memcg-life.ts";

describe("a memcg that is short of memory", () => {
  it("looks at processes and their memcgs at once, with the memcg itself", () => {
    const { next } = last([{ at: 0, used: 900 }]);
    assert.equal(next.at, 0);
    assert.deepEqual(next.needs, ["meminfo", "pressure", "memcgs", "processes", "membership"]);
    assert.deepEqual(next.watch, [app]);
  });

  it("asks its largest member to exit below low, although somebody outside is larger", () => {
    const verdict = last([{ at: 0, used: 900, isCloser: true }]);
    assert.deepEqual(signals(verdict), [{ to: "worker", signal: "SIGTERM", memcg: app, of: 2 }]);
  });

  it("kills below min, at once", () => {
    const verdict = last([{ at: 0, used: 970, isCloser: true }]);
    assert.deepEqual(signals(verdict), [{ to: "worker", signal: "SIGKILL", memcg: app, of: 2 }]);
  });

  it("raises its alarm by its own numbers, and the machine raises none", () => {
    const verdict = last([{ at: 0, used: 900, isCloser: true }]);
    const raised = verdict.findings.find((finding) => finding.kind === "alarm-raised");
    assert.ok(raised?.kind === "alarm-raised" && raised.alarm.reason.kind === "below-watermark");
    assert.deepEqual([raised.alarm.memcg, raised.alarm.reason.headroom], [app, mib(124)]);
    assert.equal(verdict.state.alarm, undefined);
  });

  it("chooses nobody that a rule protects, and says that nobody is left", () => {
    const verdict = last([{ at: 0, used: 970, isCloser: true }], plan({ rules: [never("worker"), never("helper")] }));
    assert.deepEqual(kinds(verdict), []);
    assert.deepEqual(withheld(verdict), ["no-candidate"]);
  });

  it("scores by what the memcg can hold", () => {
    const small = { ...helper, oomScoreAdj: 500 };
    const snapshot = {
      ...see({ at: 0, used: 970, isCloser: true }),
      processes: aSnapshot({ at: 0, table: someTable([inside, small, outside]) }).processes,
    };
    assert.ok(snapshot.processes);
    const [decision] = decide(
      { ...snapshot, processes: snapshot.processes },
      initialState(milliseconds(0)),
      plan(),
    ).decisions;
    assert.ok(decision?.kind === "signal");
    const terms = decision.ranking.find(({ comm }) => comm === "helper")?.badness.terms;
    const nudge = terms?.find(({ name }) => name === "oom_score_adj");
    assert.ok(nudge !== undefined && nudge.value < mib(1024), "a share of 1 GiB, not of 16");
  });

  it("chooses nobody while nobody can tell who its members are", () => {
    const { membership: _, ...snapshot } = see({ at: 0, used: 970, isCloser: true });
    const verdict = decide(snapshot, initialState(milliseconds(0)), plan());
    assert.deepEqual(kinds(verdict), []);
    assert.deepEqual(withheld(verdict), ["table-unavailable"]);
  });

  it("calls for a victim when its members stall by its own pressure", () => {
    const stalled = (full: number) => [aMemcg(mib(100), { pressure: somePressure({ some: full, full }) })];
    const looks = [0, 400, 800, 1200, 1600, 2000].map((at) => ({ at, memcgs: stalled(at * 0.75) }));
    const verdict = last([...looks, { at: 2010, memcgs: stalled(1500), isCloser: true }]);
    assert.deepEqual(signals(verdict), [{ to: "worker", signal: "SIGTERM", memcg: app, of: 2 }]);
  });

  it("sees the memory of its victim back by its own usage", () => {
    const verdict = last([
      { at: 0, used: 970, isCloser: true },
      { at: 20, used: 300, victims: [report(20, "exited", 15)] },
    ]);
    assert.deepEqual(findings(verdict), ["alarm-cleared", "victim-exited", "memory-back"]);
    assert.deepEqual(kinds(verdict), ["release"]);
  });

  it("is looked at more closely the nearer it is, however much memory the machine has", () => {
    const waits = [100, 500, 880].map((used) => last([{ at: 0, used }]).next.at);
    assert.ok(
      waits.every((wait, index) => index === 0 || wait < (waits[index - 1] ?? 0)),
      String(waits),
    );
  });
});
