import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { keepPlan } from "#daemon/keep-plan.ts";
import { beginLoop, turn } from "#daemon/loop.ts";
import { factsOf, makePlan, type PlanInForce } from "#daemon/plan-reading.ts";
import { gib, milliseconds } from "#domain/units.ts";
import { aMachine } from "#test/support/a-machine.ts";
import { silentJournal } from "#test/support/silent-journal.ts";

const noJournal = silentJournal(() => milliseconds(0));

/** The settings nobody wrote, on a machine of that size, and a turn of its loop. */
function on(ram: ReturnType<typeof gib>) {
  const machine = aMachine().withRam(ram).boot();
  const reading = makePlan(
    { sources: { presets: { desktop: "" }, files: [], overrides: [] }, advice: [] },
    factsOf(machine),
  );
  const plan = reading.kind === "plan" ? reading : assert.fail(reading.text);
  const parts = { machine, journal: noJournal, plan: () => plan.plan };
  return { plan, done: turn(parts, beginLoop(parts)) };
}

const [small, large] = [on(gib(4)), on(gib(16))];

/** Keeps the plan of the small machine; the answer is also all that was noted. */
function keeping(reloaded?: PlanInForce) {
  const noted: PlanInForce[] = [];
  const kept = keepPlan(small.plan, { journal: noJournal, reload: () => reloaded, note: (plan) => noted.push(plan) });
  return { kept, noted };
}

describe("the plan that is kept", () => {
  it("is the one it began with while nothing happens, noted once", () => {
    const { kept, noted } = keeping();
    for (const _ of [1, 2]) kept.attend(small.done, false);
    assert.equal(kept.inForce, small.plan);
    assert.deepEqual(noted, [small.plan]);
  });

  it("follows a machine that was resized, and is noted again once", () => {
    const { kept, noted } = keeping();
    for (const _ of [1, 2]) kept.attend(large.done, false);
    assert.equal(kept.inForce.plan.headroom.low, large.plan.plan.headroom.low);
    assert.deepEqual(noted, [small.plan, kept.inForce]);
  });

  it("is what a reload makes of the settings, and stays when they are refused", () => {
    const accepting = keeping(large.plan);
    accepting.kept.attend(small.done, true);
    assert.equal(accepting.kept.inForce, large.plan);
    assert.deepEqual(accepting.noted, [small.plan, large.plan]);
    const refusing = keeping(undefined);
    refusing.kept.attend(large.done, true);
    assert.equal(refusing.kept.inForce, small.plan);
    assert.deepEqual(refusing.noted, [small.plan]);
  });
});
