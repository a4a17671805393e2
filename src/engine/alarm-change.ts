import { type Alarm, isLouder } from "#domain/alarm.ts";
import type { Finding } from "#domain/finding.ts";
import { type Milliseconds, subtract } from "#domain/units.ts";
import type { EngineState } from "./engine-state.ts";
import type { Evidence } from "./evidence.ts";
import type { Context, Step } from "./step.ts";

function describeChange(before: Alarm | undefined, evidence: Evidence, at: Milliseconds): readonly Finding[] {
  const { alarm, headroom } = evidence;
  if (alarm === undefined) {
    if (before === undefined) return [];
    const { kind: from, memcg, since } = before;
    return [{ kind: "alarm-cleared", from, ...(memcg && { memcg }), lasted: subtract(at, since), headroom }];
  }
  if (before === undefined) return [{ kind: "alarm-raised", alarm }];
  return before.kind === alarm.kind ? [] : [{ kind: "alarm-changed", from: before.kind, alarm }];
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
      windows: evidence.windows,
      provenSince: evidence.provenSince,
      trend: evidence.trend,
      ...(alarm === undefined && state.alarm !== undefined && { refused: new Set() }),
      ...(isNews(state.alarm, alarm) && { withheldSaid: new Set(), refusedGroups: new Set(), searchNotBefore: at }),
    },
  };
}
