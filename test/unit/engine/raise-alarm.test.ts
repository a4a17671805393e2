import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { AlarmKind, Reason, Watermark } from "#domain/alarm.ts";
import { gib, mib, milliseconds, percent, seconds } from "#domain/units.ts";
import type { Sighting } from "#engine/define-detector.ts";
import { initialState } from "#engine/engine-state.ts";
import type { AlarmPlan } from "#engine/plan.ts";
import { type Raised, raiseAlarm } from "#engine/raise-alarm.ts";

const headroomReason: Reason = {
  kind: "below-watermark",
  zone: "headroom",
  watermark: "low",
  headroom: mib(700),
  threshold: mib(800),
};
const stallReason: Reason = {
  kind: "stalled",
  line: "full",
  share: percent(50),
  limit: percent(40),
  window: seconds(2),
  available: gib(1),
  availableBelow: gib(2),
};
const sees = (reason: Reason, breached: Watermark | undefined): Sighting => ({ reason, breached, isNear: false });

const anAlarm = (change: Partial<AlarmPlan> = {}): AlarmPlan => ({
  kind: "scarce",
  when: "any",
  detectors: ["headroom", "stall"],
  holdFor: milliseconds(0),
  ...change,
});

interface Seen {
  readonly headroom?: Watermark;
  readonly stall?: Watermark;
  readonly at?: number;
}

const look = (alarms: readonly AlarmPlan[], { headroom, stall, at = 0 }: Seen, before?: Raised): Raised =>
  raiseAlarm(alarms, {
    sightings: new Map([
      ["headroom", sees(headroomReason, headroom)],
      ["stall", sees(stallReason, stall)],
    ]),
    state: { ...initialState(milliseconds(0)), ...before },
    at: milliseconds(at),
  });

const kindOf = (raised: Raised): AlarmKind | undefined => raised.alarm?.kind;

describe("an alarm of any of its detectors", () => {
  it("is raised by one, for the reason of that one", () => {
    assert.deepEqual(look([anAlarm()], { stall: "min" }).alarm?.reason, stallReason);
    assert.deepEqual(look([anAlarm()], { headroom: "low", stall: "min" }).alarm?.reason, headroomReason);
  });

  it("is not raised by what is not as deep as it asks for", () => {
    assert.equal(kindOf(look([anAlarm()], { headroom: "high" })), undefined);
    assert.equal(kindOf(look([anAlarm({ kind: "exhausted" })], { headroom: "low" })), undefined);
    assert.equal(kindOf(look([anAlarm({ kind: "approaching" })], { headroom: "high" })), "approaching");
  });
});

describe("an alarm of all of its detectors", () => {
  const both = [anAlarm({ when: "all" })];

  it("is raised when all agree, and says what each has proven", () => {
    const { alarm } = look(both, { headroom: "low", stall: "min" });
    assert.deepEqual([alarm?.reason, alarm?.also], [headroomReason, [stallReason]]);
  });

  it("is not raised when one of them is silent", () => {
    assert.equal(kindOf(look(both, { headroom: "min" })), undefined);
    assert.equal(kindOf(look(both, { stall: "min" })), undefined);
  });

  it("is not raised when one of them has nothing to go by", () => {
    assert.equal(
      kindOf(look([anAlarm({ when: "all", detectors: ["headroom", "thrash"] })], { headroom: "min" })),
      undefined,
    );
  });
});

describe("an alarm that has to hold", () => {
  const patient = [anAlarm({ holdFor: seconds(5) })];

  it("is raised after its time, not before", () => {
    const first = look(patient, { headroom: "low", at: 1000 });
    assert.deepEqual([kindOf(first), first.provenSince], [undefined, { scarce: 1000 }]);
    const second = look(patient, { headroom: "min", at: 5999 }, first);
    assert.equal(kindOf(second), undefined);
    assert.equal(kindOf(look(patient, { headroom: "low", at: 6000 }, second)), "scarce");
  });

  it("begins anew after a break", () => {
    const first = look(patient, { headroom: "low", at: 0 });
    const broken = look(patient, { at: 3000 }, first);
    assert.equal(kindOf(look(patient, { headroom: "low", at: 6000 }, broken)), undefined);
  });
});

describe("scarcity", () => {
  it("is not over before high is reached, by whichever detector it was raised", () => {
    const raised = look([anAlarm()], { headroom: "low" });
    const recovering = look([anAlarm()], { headroom: "high", at: 10 }, raised);
    assert.equal(kindOf(recovering), "scarce");
    assert.equal(kindOf(look([anAlarm()], { at: 20 }, recovering)), undefined);
  });
});

describe("of several alarms", () => {
  it("the loudest is raised, and it keeps the time when trouble began", () => {
    const plan = [anAlarm({ kind: "approaching" }), anAlarm(), anAlarm({ kind: "exhausted" })];
    const first = look(plan, { headroom: "high", at: 100 });
    const worse = look(plan, { headroom: "min", at: 200 }, first);
    assert.deepEqual([kindOf(worse), worse.alarm?.since], ["exhausted", 100]);
  });
});
