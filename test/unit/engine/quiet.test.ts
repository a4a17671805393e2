import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Quiet } from "#domain/quiet.ts";
import { gib, kib, mib, milliseconds } from "#domain/units.ts";
import { decide, type Verdict } from "#engine/decide.ts";
import { initialState } from "#engine/engine-state.ts";
import type { Plan } from "#engine/plan.ts";
import { watching } from "#test/support/a-memcg.ts";
import { aPlan, marks } from "#test/support/a-plan.ts";
import { aSnapshot, ms, someMeminfo, somePressure } from "#test/support/a-snapshot.ts";
import { aGiver } from "#test/support/some-givers.ts";

interface Look {
  readonly at: number;
  readonly available?: number;
  readonly stalled?: number;
  readonly hasBeenQuiet?: true;
}

/** The verdict on the last of several looks. */
function last(looks: readonly Look[], plan: Plan = aPlan()): Verdict {
  let verdict: Verdict | undefined;
  for (const { at, available = gib(12), stalled = 0, hasBeenQuiet } of looks) {
    const seen = aSnapshot({
      at,
      meminfo: someMeminfo({ available: kib(available) }),
      pressure: somePressure({ some: stalled, full: 0 }),
    });
    const snapshot = { ...seen, ...(hasBeenQuiet && { hasBeenQuiet }) };
    verdict = decide(snapshot, verdict?.state ?? initialState(ms(0)), plan);
  }
  assert.ok(verdict);
  return verdict;
}

const quietAfter = (looks: readonly Look[], plan?: Plan): Quiet | undefined => last(looks, plan).next.quiet;

describe("while nothing happens", () => {
  it("looks may be left out for five minutes, as long as memory stays where no wait between checks is too long", () => {
    const quiet = quietAfter([{ at: 0 }]);
    assert.ok(quiet);
    const { until, every, next, available, stalled } = quiet;
    assert.equal(until, 300_000);
    assert.equal(next, every);
    assert.ok(available < gib(12), "memory may fall a little");
    assert.ok(stalled < every * 1000 * 0.02, "hardly a stall is allowed");
  });

  it("a fill that begins behind a check, and is a quarter faster than the fastest, is still seen above low", () => {
    const { fastestFill } = aPlan().pacing;
    for (const size of [2, 3, 5, 8, 12, 15]) {
      const quiet = quietAfter([{ at: 0, available: gib(size) }]);
      assert.ok(quiet, `${size} GiB`);
      assert.ok(quiet.available - (1.25 * fastestFill * quiet.every) / 1000 >= marks.low, `${size} GiB`);
    }
  });

  it("checks are further apart the more memory there is, three seconds at most", () => {
    const every = (available: number) => quietAfter([{ at: 0, available }])?.every ?? 0;
    assert.ok(every(gib(4)) < every(gib(12)));
    assert.ok(every(gib(15)) <= 3000);
  });

  it("looks end by the time the process table is to be read", () => {
    const { pacing } = aPlan();
    const plan = aPlan({ pacing: { ...pacing, tableEvery: milliseconds(20_000) } });
    const seen = last([{ at: 0 }], plan);
    const read = { ...seen.state, tableReadAt: ms(5000) };
    const meminfo = someMeminfo({ available: gib(12) });
    const snapshot = aSnapshot({ at: 6000, meminfo, pressure: somePressure({ some: 0, full: 0 }) });
    assert.equal(decide({ ...snapshot, hasBeenQuiet: true }, read, plan).next.quiet?.until, 25_000);
  });

  it("a look that was left out is no gap, however late the next one is", () => {
    const { findings } = last([{ at: 0 }, { at: 50_000, hasBeenQuiet: true }]);
    assert.deepEqual(findings, []);
    assert.deepEqual(
      last([{ at: 0 }, { at: 50_000 }]).findings.map(({ kind }) => kind),
      ["look-missed"],
    );
  });
});

describe("every look is taken", () => {
  it("under an alarm", () => {
    for (const available of [mib(100), mib(700), mib(1100)]) {
      assert.equal(quietAfter([{ at: 0, available }]), undefined, `${available}`);
    }
  });

  it("while tasks stall, and for a while after", () => {
    const stalled = [{ at: 0 }, { at: 1000, stalled: 50 }];
    assert.equal(quietAfter(stalled), undefined);
    assert.equal(quietAfter([...stalled, { at: 2000, stalled: 50 }]), undefined);
    const later = Array.from({ length: 11 }, (_, second) => ({ at: 2000 + second * 1000, stalled: 50 }));
    assert.ok(quietAfter([...stalled, ...later]));
  });

  it("but a microsecond here and there is no stall", () => {
    assert.ok(quietAfter([{ at: 0 }, { at: 1000, stalled: 0.01 }]));
  });

  it("while memory falls so fast that trouble is near", () => {
    const falling = [0, 1, 2, 3].map((n) => ({ at: n * 250, available: gib(8 - n) }));
    assert.equal(quietAfter(falling), undefined);
  });

  it("where memcgs are watched, or somebody can be asked for memory: a machine cannot tell how it stands with them", () => {
    const notify = { ...aPlan().notify, givers: [aGiver("one", 1000)] };
    assert.equal(quietAfter([{ at: 0 }], aPlan({ notify })), undefined);
    assert.equal(quietAfter([{ at: 0 }], aPlan({ memcgs: watching("/app") })), undefined);
  });

  it("when a detector goes by something that nobody checks meanwhile", () => {
    const { detectors, alarms } = aPlan();
    const other = {
      name: "other",
      needs: ["meminfo" as const],
      watch: () => undefined,
      detect: () => ({
        reason: {
          kind: "below-watermark" as const,
          zone: "headroom" as const,
          watermark: "high" as const,
          headroom: gib(1),
          threshold: gib(1),
        },
        breached: undefined,
        isNear: false,
      }),
    };
    assert.equal(quietAfter([{ at: 0 }], aPlan({ detectors: [...detectors, other], alarms })), undefined);
  });
});
