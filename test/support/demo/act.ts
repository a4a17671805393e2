import { type KiB, mib, milliseconds, uid } from "#domain/units.ts";
import type { Plan } from "#engine/plan.ts";
import { justOne, type Rule } from "#engine/rule.ts";

/** One part of the demo: a hog of one kind, and what becomes of it. */
export interface Act {
  readonly name: string;
  readonly title: string;
  readonly size: KiB;
  /** MiB per second; 0: as fast as it can. */
  readonly rate: number;
  readonly traits: readonly ("ignores-term" | "stopped" | "shares-memory")[];
  /** It has its memory before anybody looks: a stopped process does not grow. */
  readonly isThereBefore: boolean;
  /** Where the watermarks lie, in shares of the hog below (negative: above) what can be had when somebody begins to look. */
  readonly marks: { readonly high: number; readonly low: number; readonly min: number };
}

const farMin = { high: 0.2, low: 0.4, min: 0.9 };
const nearMin = { high: 0.2, low: 0.4, min: 0.55 };
const alreadyBelowLow = { high: -0.7, low: -0.4, min: 0.4 };
const alreadyBelowMin = { high: -0.7, low: -0.5, min: -0.3 };

export const acts: readonly Act[] = [
  {
    name: "exits",
    title: "A hog that exits when it is asked to",
    size: mib(1024),
    rate: 700,
    traits: [],
    isThereBefore: false,
    marks: farMin,
  },
  {
    name: "ignores",
    title: "A hog that ignores SIGTERM and grows on",
    size: mib(1024),
    rate: 700,
    traits: ["ignores-term"],
    isThereBefore: false,
    marks: nearMin,
  },
  {
    name: "stopped",
    title: "A hog that is stopped, and cannot hear SIGTERM",
    size: mib(512),
    rate: 0,
    traits: ["stopped"],
    isThereBefore: true,
    marks: alreadyBelowLow,
  },
  {
    name: "shares",
    title: "A hog of two processes that share one memory, when memory is exhausted",
    size: mib(512),
    rate: 0,
    traits: ["ignores-term", "shares-memory"],
    isThereBefore: true,
    marks: alreadyBelowMin,
  },
];

/** The user that every hog and bystander of the demo becomes: nobody else's, and the only one that may be chosen. */
export const demoUid = uid(61_236);

/** The innocent bystander: of the same user, so that it could be chosen, and smaller. */
export const bystanderSize = mib(96);

const onlyOurs: Rule = { verdict: "only", origin: "the demo's confinement", when: { uid: justOne(demoUid) } };

/** The shipped plan, confined to the demo's own processes, with watermarks around what can be had now. */
export function confine(plan: Plan, act: Act, headroom: KiB): Plan {
  const mark = (share: number): KiB => mib(Math.max(1, Math.round((headroom - share * act.size) / 1024)));
  return {
    ...plan,
    headroom: { min: mark(act.marks.min), low: mark(act.marks.low), high: mark(act.marks.high) },
    // The marks alone tell the story: how fast the hog grows proves nothing here.
    alarms: plan.alarms
      .filter(({ detectors }) => detectors.includes("headroom"))
      .map((alarm) => ({ ...alarm, detectors: ["headroom"] })),
    rules: [onlyOurs],
    kill: { ...plan.kill, termGrace: milliseconds(700), budget: 1 },
  };
}
