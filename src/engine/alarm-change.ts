import { type Alarm, isLouder } from "#domain/alarm.ts";
import type { Finding } from "#domain/finding.ts";
import { type KiB, type Milliseconds, subtract } from "#domain/units.ts";
import type { EngineState, Trend } from "./engine-state.ts";
import type { Evidence } from "./evidence.ts";
import type { Context, Step } from "./step.ts";

function describeChange(before: Alarm | undefined, evidence: Evidence, at: Milliseconds): readonly Finding[] {
  const { alarm, headroom } = evidence;
  if (alarm === undefined) {
    if (before === undefined) return [];
    return [{ kind: "alarm-cleared", from: before.kind, lasted: subtract(at, before.since), headroom }];
  }
  if (before === undefined) return [{ kind: "alarm-raised", alarm }];
  return before.kind === alarm.kind ? [] : [{ kind: "alarm-changed", from: before.kind, alarm }];
}

/** The mean of what was and what is measured now, so that one odd look does not decide. */
function followTrend(trend: Trend | undefined, headroom: KiB, at: Milliseconds): Trend {
  if (trend === undefined) return { at, headroom, fall: 0, lastFall: 0 };
  if (at <= trend.at) return { ...trend, headroom };
  const lastFall = (trend.headroom - headroom) / (at - trend.at);
  return { at, headroom, fall: (trend.fall + lastFall) / 2, lastFall };
}

/** An alarm that was raised, got louder or ended: what was said and searched for it does not count any more. */
function isNews(before: Alarm | undefined, now: Alarm | undefined): boolean {
  if (before === undefined || now === undefined) return before !== now;
  return isLouder(now.kind, before.kind);
}

/** Takes the evidence over into the state, and says what it changes. */
export function noticeAlarm(state: EngineState, { evidence, at }: Context): Step {
  const { alarm } = evidence;
  return {
    decisions: [],
    findings: describeChange(state.alarm, evidence, at),
    state: {
      ...state,
      alarm,
      isScarce: evidence.isScarce,
      stall: evidence.stall,
      trend: followTrend(state.trend, evidence.headroom, at),
      ...(alarm === undefined && state.alarm !== undefined && { refused: new Set() }),
      ...(isNews(state.alarm, alarm) && { withheldSaid: new Set(), searchNotBefore: at }),
    },
  };
}
