import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { factNames } from "#domain/snapshot.ts";
import { type KiB, percent, percentOf } from "#domain/units.ts";
import { decide, type Verdict } from "#engine/decide.ts";
import type { Scenario } from "#simulated/scenario.ts";
import { simulatedMachine } from "#simulated/simulated-machine.ts";
import { aPlan, marksAround } from "#test/support/a-plan.ts";
import { withQuietWaits } from "#test/support/quiet-waits.ts";
import { liveThrough } from "#test/support/random-life.ts";
import { scenarios } from "#test/support/random-scenario.ts";
import { runs, seed } from "#test/support/seed.ts";

interface Case {
  readonly scenario: Scenario;
  readonly low: KiB;
}

const cases: fc.Arbitrary<Case> = fc
  .record({ scenario: scenarios(), low: fc.integer({ min: 2, max: 12 }) })
  .map(({ scenario, low }) => ({ scenario, low: percentOf(percent(low), scenario.ram) }));

/** Takes every look that is spared all the same, and leaves the machine as it would be without. */
async function live({ scenario, low }: Case, visitSpared: (verdict: Verdict) => void): Promise<void> {
  const plan = aPlan({ headroom: marksAround(low) });
  const inner = simulatedMachine(scenario);
  let last: Verdict | undefined;
  const machine = withQuietWaits(inner, () => {
    if (last === undefined) return;
    const snapshot = inner.sense({ needs: factNames, isPressing: false });
    visitSpared(decide(snapshot, last.state, plan));
  });
  const wait = (until: Parameters<typeof machine.wait>[0]) => machine.wait(until, last?.next.quiet);
  await liveThrough({ machine, plan, duration: scenario.duration, mostLooks: 3000, wait }, ({ verdict }) => {
    last = verdict;
  });
}

describe(`a machine that looks only when something moved (SEED=${seed})`, () => {
  it(`is spared only looks at which nothing would have been decided, in ${runs(100)} runs`, async () => {
    let spared = 0;
    const property = fc.asyncProperty(cases, (drawn) =>
      live(drawn, ({ state, decisions }) => {
        spared += 1;
        assert.equal(state.alarm, undefined);
        assert.deepEqual(decisions, []);
      }),
    );
    await fc.assert(property, { seed, numRuns: runs(100), includeErrorInReport: true });
    assert.ok(spared > runs(100), `only ${spared} looks were spared: nothing was shown`);
  });
});
