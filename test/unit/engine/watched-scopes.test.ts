import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { mib, milliseconds } from "#domain/units.ts";
import { decide } from "#engine/decide.ts";
import { initialState } from "#engine/engine-state.ts";
import { aMemcg, app } from "#test/support/a-memcg.ts";
import { aPlan } from "#test/support/a-plan.ts";
import { findings, kinds } from "#test/support/engine-life.ts";
import { last, live, plan, report, see, standings } from "#test/support/memcg-life.ts";

describe("memcgs that are to be watched", () => {
  it("are said to be watched, once, with their limit", () => {
    const [first, second] = live([{ at: 0 }, { at: 20 }]);
    assert.ok(first && second);
    assert.deepEqual([standings(first), standings(second)], [[[app, "watched", mib(1024)]], []]);
  });

  it("may come later: that one is missing is said once, and then that it has come", () => {
    const verdicts = live([{ at: 0, memcgs: [] }, { at: 20, memcgs: [] }, { at: 40 }]);
    assert.deepEqual(verdicts.map(standings), [[[app, "absent", undefined]], [], [[app, "watched", mib(1024)]]]);
  });

  it("without a limit, or with one that the watermarks do not fit into, have no alarm", () => {
    const bare = aMemcg(mib(970), { limits: { kind: "v2", memory: undefined, swap: undefined, swappiness: 60 } });
    const tiny = aMemcg(mib(120), { limits: { kind: "v2", memory: mib(128), swap: undefined, swappiness: 60 } });
    assert.deepEqual(standings(last([{ at: 0, memcgs: [bare] }])), [[app, "unlimited", undefined]]);
    assert.deepEqual(standings(last([{ at: 0, memcgs: [tiny] }])), [[app, "limit-too-small", mib(128)]]);
    for (const memcg of [bare, tiny]) assert.deepEqual(kinds(last([{ at: 0, memcgs: [memcg], isCloser: true }])), []);
  });

  it("that are gone take their alarm and their victim with them", () => {
    const verdict = last([
      { at: 0, used: 970, isCloser: true },
      { at: 20, memcgs: [], victims: [report(20, "exited", 10)] },
    ]);
    assert.deepEqual(kinds(verdict), ["release"]);
    assert.deepEqual(findings(verdict), ["victim-skipped", "alarm-cleared", "memcg-standing"]);
    assert.equal(verdict.state.elsewhere.size, 0);
  });

  it("that nobody can tell of for a look keep their alarm and their victim", () => {
    let state = initialState(milliseconds(0));
    const first = decide(see({ at: 0, used: 970, isCloser: true }), state, plan());
    ({ state } = first);
    const failure = { call: "read", errno: "EIO", subject: "memory.stat", advice: "look again" };
    const blind = { ...see({ at: 20 }), memcgs: { kind: "unavailable", failure } } as const;
    const verdict = decide(blind, state, plan());
    assert.deepEqual([kinds(verdict), findings(verdict)], [[], ["sensor-lost"]]);
    assert.ok(verdict.state.elsewhere.get(app)?.inFlight);
  });

  it("are forgotten when the plan does not name them any more", () => {
    const first = decide(see({ at: 0, used: 970, isCloser: true }), initialState(milliseconds(0)), plan());
    const verdict = decide(see({ at: 20, victims: [report(20, "alive")] }), first.state, aPlan());
    assert.deepEqual(kinds(verdict), ["release"]);
    assert.equal(verdict.state.elsewhere.size, 0);
    assert.equal(verdict.next.watch, undefined);
  });
});
