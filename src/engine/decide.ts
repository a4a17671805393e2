import type { Decision, NextLook } from "#domain/decision.ts";
import type { Finding } from "#domain/finding.ts";
import type { Snapshot } from "#domain/snapshot.ts";
import { noticeAlarm } from "./alarm-change.ts";
import { answerAlarm, wantsTable } from "./answer-alarm.ts";
import type { EngineState } from "./engine-state.ts";
import { weigh } from "./evidence.ts";
import { followVictim } from "./follow-victim.ts";
import { noticeGap } from "./gap.ts";
import { notifyGivers } from "./notify-givers.ts";
import { lookBlindly, lookCloser, nextLook } from "./pacing.ts";
import type { Plan } from "./plan.ts";
import { noticeSensors } from "./sensors.ts";
import { type Context, type Step, then } from "./step.ts";

/** All that follows from one look. */
export interface Verdict {
  /** To be carried out in this order. */
  readonly decisions: readonly Decision[];
  /** To be journalled, after the decisions were carried out. */
  readonly findings: readonly Finding[];
  readonly state: EngineState;
  readonly next: NextLook;
}

/**
 * What to do, given what was seen and what is remembered. Pure and total: no clock, no I/O, no throw, and its inputs stay
 * as they are. Time is the snapshot's.
 */
export function decide(snapshot: Snapshot, state: EngineState, plan: Plan): Verdict {
  const at = snapshot.takenAt;
  const sensed = then(noticeGap(snapshot, state), (before) => noticeSensors(snapshot, before));
  const evidence = weigh(snapshot, sensed.state, plan);
  if (evidence === undefined) return planLook(sensed, lookBlindly(sensed.state, at, plan));
  const context: Context = { snapshot, evidence, plan, at };
  const warned = then(sensed, (before) => noticeAlarm(before, context));
  const notified = then(warned, (before) => notifyGivers(before, context));
  const followed = then(notified, (before) => followVictim(before, context));
  const answered = then(followed, (before) => answerAlarm(before, context));
  const isCloser = wantsTable(answered.state, context);
  return planLook(answered, isCloser ? lookCloser(answered.state, at, plan) : nextLook(answered.state, context));
}

/** The verdict, which remembers when the next look is due: one that comes much later is a gap. */
const planLook = ({ state, ...step }: Step, next: NextLook): Verdict => ({
  ...step,
  state: { ...state, dueAt: next.at },
  next,
});
