import type { Decision, NextLook } from "#domain/decision.ts";
import type { Finding } from "#domain/finding.ts";
import { knownValue, type Snapshot } from "#domain/snapshot.ts";
import { add, below, greatest, least, type Milliseconds } from "#domain/units.ts";
import { noticeAlarm } from "./alarm-change.ts";
import { answerAlarm, wantsTable } from "./answer-alarm.ts";
import type { EngineState } from "./engine-state.ts";
import { weigh } from "./evidence.ts";
import { followProgram } from "./follow-program.ts";
import { followVictim } from "./follow-victim.ts";
import { noticeGap } from "./gap.ts";
import { noteBranches } from "./note-branches.ts";
import { noteFamilies } from "./note-families.ts";
import { notifyGivers } from "./notify-givers.ts";
import { dueAfter, lookBlindly, lookCloser, nextLook } from "./pacing.ts";
import type { Plan } from "./plan.ts";
import { allowQuiet } from "./quiet.ts";
import { turnTo } from "./scope-state.ts";
import { machineScope, type Scope, type SoundLook } from "./scopes.ts";
import { noticeSensors } from "./sensors.ts";
import { type Context, type Step, then } from "./step.ts";
import { sweepStorm, wantsSweep } from "./sweep-storm.ts";
import { watchScopes } from "./watched-scopes.ts";

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
 *
 * The whole machine and every watched memcg are scopes, and the same is done for each. The innermost comes first and the
 * machine last: who dies in one of them helps those around it as well, and not always the other way round.
 */
export function decide(snapshot: Snapshot, state: EngineState, plan: Plan): Verdict {
  const at = snapshot.takenAt;
  const noticed = then(noticeGap(snapshot, state), (before) => noticeSensors(snapshot, before));
  const sensed = then(noticed, (before) => followProgram(before, snapshot));
  const meminfo = knownValue(snapshot.meminfo);
  if (meminfo === undefined) return planLook(sensed, lookBlindly(sensed.state, at, plan));
  const look: SoundLook = { snapshot, meminfo, plan };
  const machine = machineScope(sensed.state, look);
  const watched = watchScopes(sensed.state, machine, look);
  const inner = watched.scopes.reduce<Answered>((before, scope) => answerScope(before, { scope, machine, snapshot }), {
    step: then(sensed, () => watched.step),
    due: add(at, plan.pacing.calm),
  });
  const { step, due, context } = answerScope(inner, { scope: machine, machine, snapshot });
  if (!below(at, due)) return planLook(step, lookCloser(step.state, at, plan));
  return planLook(step, allowQuiet(nextLook(step.state, due, plan), step.state, context));
}

/** What has been decided about some of the scopes. */
interface Answered {
  readonly step: Step;
  /** When the first of them wants to be looked at again: at once, where the process table is wanted. */
  readonly due: Milliseconds;
}

interface AnsweredScope extends Answered {
  readonly context: Context;
}

interface Question {
  readonly scope: Scope;
  readonly machine: Scope;
  readonly snapshot: Snapshot;
}

/** Decides about one more scope: is it in trouble, is help on its way, and if not, who has to go. */
function answerScope({ step, due }: Answered, { scope, machine, snapshot }: Question): AnsweredScope {
  const { name, plan, sight, memcg } = scope;
  const { at, meminfo } = sight;
  const state = turnTo(step.state, name, at);
  const evidence = weigh(sight, state, plan);
  const context: Context = { snapshot, meminfo, machine: machine.sight.memory, memcg, evidence, plan, at };
  const warned = then({ ...step, state }, (before) => noticeAlarm(before, context));
  const noted = then(warned, (before) => noteFamilies(before, context));
  const notified = then(noted, (before) => notifyGivers(before, context));
  const rated = then(notified, (before) => noteBranches(before, context));
  const followed = then(rated, (before) => followVictim(before, context));
  const swept = then(followed, (before) => sweepStorm(before, context));
  const answered = then(swept, (before) => answerAlarm(before, context));
  const isTableWanted = wantsTable(answered.state, context) || wantsSweep(answered.state, context);
  const own = isTableWanted ? at : dueAfter(answered.state, context);
  return { step: answered, due: least(due, own), context };
}

/** The verdict, which remembers when the next look is due, or whether it need be: one that comes much later is a gap. */
const planLook = ({ state, ...step }: Step, next: NextLook): Verdict => ({
  ...step,
  state: { ...state, dueAt: greatest(next.at, next.quiet?.next ?? next.at) },
  next,
});
