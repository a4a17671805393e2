import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Alarm } from "#domain/alarm.ts";
import type { WatchedMemcg } from "#domain/memcg.ts";
import { gib, kib, mib, milliseconds, seconds } from "#domain/units.ts";
import type { Verdict } from "#engine/decide.ts";
import type { MemcgPlan, Plan } from "#engine/plan.ts";
import { planLimits } from "#plan/memcg-limits.ts";
import type { MemcgLimitMarks } from "#plan/recipe.ts";
import { aMemcg, app, watching } from "#test/support/a-memcg.ts";
import { aPlan } from "#test/support/a-plan.ts";
import { last, live, report, signals, standings } from "#test/support/memcg-life.ts";

const noLimit = { kind: "v2", memory: undefined, swap: undefined, swappiness: 60 } as const;
const slice = (change: Partial<WatchedMemcg>) => [aMemcg(mib(100), { limits: noLimit, ...change })];
const size = (amount: number) => ({ kind: "size", size: mib(amount) }) as const;

/** Watches a memcg that has no limit but those. */
function limitedTo(marks: Partial<MemcgLimitMarks>): Plan {
  const limits = { holdFor: milliseconds(0), growthWindow: seconds(1), ...marks };
  const memcg: MemcgPlan = {
    path: app,
    within: (capacity) => ({ ...planLimits(limits, capacity), headroom: aPlan().headroom }),
  };
  return aPlan({ memcgs: [memcg] });
}

const alarmOf = ({ state }: Verdict): Alarm | undefined => state.elsewhere.get(app)?.alarm;
const reasonOf = (verdict: Verdict) => alarmOf(verdict)?.reason;

describe("a limit of a memcg's own", () => {
  it("calls for a victim inside when more is swapped out, and asks it to exit", () => {
    const plan = limitedTo({ swap: size(512) });
    const memcgs = slice({ swapped: mib(513) });
    const verdict = last([{ at: 0, memcgs, isCloser: true }], plan);
    assert.deepEqual(reasonOf(verdict), {
      kind: "memcg-swap",
      swapped: mib(513),
      threshold: mib(512),
      holdFor: milliseconds(0),
    });
    assert.deepEqual(signals(verdict), [{ to: "worker", signal: "SIGTERM", memcg: app, of: 2 }]);
    assert.equal(alarmOf(last([{ at: 0, memcgs: slice({ swapped: mib(512) }) }], plan)), undefined);
  });

  it("of a share of swap says nothing on a machine without swap", () => {
    const plan = limitedTo({ swap: { kind: "share", share: 50 as never } });
    const memcgs = slice({ swapped: kib(0) });
    assert.equal(alarmOf(last([{ at: 0, memcgs }], plan)), undefined);
  });

  it("of its size counts no page cache, which nobody's death gives back", () => {
    const plan = limitedTo({ size: size(1000) });
    const full = slice({ usage: mib(3000), reclaimable: mib(2500) });
    assert.equal(alarmOf(last([{ at: 0, memcgs: full }], plan)), undefined);
    const held = slice({ usage: mib(3000), reclaimable: mib(1000) });
    assert.deepEqual(reasonOf(last([{ at: 0, memcgs: held }], plan)), {
      kind: "memcg-size",
      size: mib(2000),
      threshold: mib(1000),
      holdFor: milliseconds(0),
    });
  });

  it("has to be exceeded for its time without a break, and the look for that is not late", () => {
    const plan = limitedTo({ size: size(1000), holdFor: seconds(2) });
    const [large, small] = [slice({ usage: mib(2000) }), slice({ usage: mib(500) })];
    const looks = [
      { at: 0, memcgs: large },
      { at: 1500, memcgs: small },
      { at: 1900, memcgs: large },
      { at: 3800, memcgs: large },
    ];
    const verdicts = live(looks, plan);
    assert.deepEqual(verdicts.map(alarmOf), [undefined, undefined, undefined, undefined]);
    assert.ok((verdicts.at(-1)?.next.at ?? 0) <= 3900);
    assert.equal(reasonOf(last([...looks, { at: 3900, memcgs: large }], plan))?.kind, "memcg-size");
  });

  it("of growth goes by what its members took within the window, in RAM and in swap", () => {
    const plan = limitedTo({ growth: size(300) });
    const grown = (swapped: number) => slice({ usage: mib(600), reclaimable: mib(400), swapped: mib(swapped) });
    const verdict = last(
      [
        { at: 0, memcgs: slice({}) },
        { at: 500, memcgs: grown(250) },
      ],
      plan,
    );
    assert.deepEqual(reasonOf(verdict), {
      kind: "memcg-growth",
      grown: mib(350),
      threshold: mib(300),
      window: seconds(1),
    });
    assert.equal(
      alarmOf(
        last(
          [
            { at: 0, memcgs: slice({}) },
            { at: 500, memcgs: grown(150) },
          ],
          plan,
        ),
      ),
      undefined,
    );
  });

  it("is over as soon as it holds again: a victim that was asked to exit is spared", () => {
    const plan = limitedTo({ size: size(1000) });
    const verdict = last(
      [
        { at: 0, memcgs: slice({ usage: mib(1200) }), isCloser: true },
        { at: 4000, memcgs: slice({ usage: mib(900) }), victims: [report(20, "alive")] },
      ],
      plan,
    );
    assert.deepEqual([alarmOf(verdict), signals(verdict)], [undefined, []]);
    assert.ok(verdict.findings.some(({ kind }) => kind === "victim-spared"));
  });

  it("is not hidden by headroom that is only recovering", () => {
    const both: MemcgPlan = {
      path: app,
      within: (capacity) => {
        const own = planLimits({ size: size(200), holdFor: milliseconds(0), growthWindow: seconds(1) }, capacity);
        const [common] = watching(app);
        const within = common?.within(capacity);
        assert.ok(typeof within === "object");
        return {
          ...within,
          detectors: [...own.detectors, ...within.detectors],
          alarms: [...own.alarms, ...within.alarms],
        };
      },
    };
    const plan = aPlan({ memcgs: [both] });
    const between = aMemcg(mib(870), { limits: { kind: "v2", memory: gib(1), swap: kib(0), swappiness: 60 } });
    const verdict = last(
      [
        { at: 0, used: 930 },
        { at: 20, memcgs: [between], isCloser: true },
      ],
      plan,
    );
    assert.equal(reasonOf(verdict)?.kind, "memcg-size");
    assert.deepEqual(
      signals(verdict).map(({ to }) => to),
      ["worker"],
    );
  });

  it("has a memcg without any other limit watched", () => {
    const verdict = last([{ at: 0, memcgs: slice({}) }], limitedTo({ size: size(1000) }));
    assert.deepEqual(standings(verdict), [[app, "watched", undefined]]);
  });
});
