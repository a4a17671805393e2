import assert from "node:assert/strict";
import { test } from "node:test";
import { makePlan, type PlanInForce } from "#daemon/plan-reading.ts";
import { refitPlan } from "#daemon/refit-plan.ts";
import { bytes, gib, type KiB, kib, mib, milliseconds, scale } from "#domain/units.ts";
import { decide } from "#engine/decide.ts";
import { initialState } from "#engine/engine-state.ts";
import { createJournal } from "#journal/journal.ts";
import { createSink } from "#journal/sink.ts";
import { machineFacts } from "#plan/watermarks.ts";
import { aSnapshot, someMeminfo, someTable } from "#test/support/a-snapshot.ts";
import { outletWithRoom } from "#test/unit/journal/outlets.ts";

const meminfoOf = (total: KiB, hugetlb = kib(0)) =>
  someMeminfo({ total, hugetlb, available: scale(total, 1 / 2), anon: scale(total, 1 / 4) });

/** Settings, on a machine of 16 GiB. */
function planFor(...overrides: readonly string[]): PlanInForce {
  const capable = { pageSize: bytes(4096), hasPressure: true };
  const facts = machineFacts({ meminfo: meminfoOf(gib(16)), arc: undefined }, capable);
  const reading = makePlan({ sources: { presets: { desktop: "" }, files: [], overrides }, advice: [] }, facts);
  return reading.kind === "plan" ? reading : assert.fail(reading.text);
}

const engine = initialState(milliseconds(0));

/** The plan after a look at another machine, and the names of the events. */
function refit(inForce: PlanInForce, meminfo = meminfoOf(gib(16)), state = engine) {
  const outlet = outletWithRoom(1e6);
  const journal = createJournal({
    sink: createSink(outlet, bytes(4096)),
    encode: ({ event }) => `${event}\n`,
    level: "info",
    now: () => milliseconds(0),
    wallTime: () => 0,
  });
  const snapshot = aSnapshot({ at: 5000, meminfo });
  const after = refitPlan({ inForce, snapshot, engine: state }, journal);
  return { after, events: outlet.text().split("\n").slice(0, -1) };
}

test("a machine of the same size keeps its plan, the very same", () => {
  const inForce = planFor();
  const { events, after } = refit(inForce, meminfoOf(mib(16 * 1024 - 512)));
  assert.equal(after, inForce);
  assert.deepEqual(events, []);
});

test("auto watermarks follow RAM that is plugged or taken away, with its root", () => {
  const inForce = planFor();
  const more = refit(inForce, meminfoOf(gib(64)));
  assert.equal(more.after.plan.headroom.low, inForce.plan.headroom.low * 2);
  assert.deepEqual(more.events, ["machine.resized"]);
  const less = refit(inForce, meminfoOf(gib(4)));
  assert.equal(less.after.plan.headroom.low, inForce.plan.headroom.low / 2);
  assert.deepEqual(refit(more.after, meminfoOf(gib(64))).events, [], "said once");
});

test("shares mean the memory that is", () => {
  const { after } = refit(planFor('headroom.low="8%"'), meminfoOf(gib(4)));
  assert.equal(after.plan.headroom.low, Math.floor(gib(3) * 0.08));
});

test("RAM that becomes huge pages is gone as if it had been unplugged", () => {
  const inForce = planFor();
  const { after } = refit(inForce, meminfoOf(gib(16), gib(12)));
  assert.equal(after.plan.headroom.low, inForce.plan.headroom.low / 2);
});

test("a victim in flight is followed by the plan it was chosen under", () => {
  const inForce = planFor();
  const scarce = aSnapshot({
    at: 1000,
    meminfo: someMeminfo({ total: gib(16), available: mib(10) }),
    table: someTable([{ pid: 4000, anon: gib(12) }]),
  });
  const { state } = decide(scarce, engine, inForce.plan);
  assert.ok(state.inFlight);
  assert.equal(refit(inForce, meminfoOf(gib(4)), state).after, inForce);
});

test("settings that no longer fit stay in force, and it is said once", () => {
  const inForce = planFor('headroom.low="3GiB"', 'headroom.high="4GiB"');
  const { events, after } = refit(inForce, meminfoOf(gib(4)));
  assert.deepEqual(events, ["config.refused"]);
  assert.equal(after.plan, inForce.plan);
  assert.deepEqual(refit(after, meminfoOf(gib(4))).events, []);
});
