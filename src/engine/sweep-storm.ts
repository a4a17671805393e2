import type { Decision } from "#domain/decision.ts";
import { knownValue } from "#domain/snapshot.ts";
import { add, atLeast, below, seconds } from "#domain/units.ts";
import type { Eligible } from "./appraise.ts";
import { beginKill, sweepTime } from "./begin-kill.ts";
import { broodOf, isExpendable } from "./brood.ts";
import { boundsOf, type Opening, rankingShown } from "./choose-victim.ts";
import type { EngineState } from "./engine-state.ts";
import { callsForVictim } from "./evidence.ts";
import { returnsOfAll } from "./guilty-family.ts";
import { judge, rankFirst } from "./judge.ts";
import { findJudged } from "./judged-by-pid.ts";
import { makeUnit } from "./kill-unit.ts";
import { type Context, type Step, stay } from "./step.ts";
import type { Sweep } from "./sweep.ts";

/**
 * Kills whoever a storm forked while its death was decided and signalled:
 *
 *     we                                  the storm
 *     read the table
 *                                         forks
 *     kill whom we saw                    the newcomer forks on
 *
 * It is the same kill, hence without cool-down and budget. When a look sees nobody of the storm, and its memory is awaited no
 * more, the sweep rests; whoever had to live and forks on wakes it with the next shortage. By time it is over, and of a unit in which
 * nobody had to live with the first look that sees nobody: whom a service manager starts next is not to blame.
 */
export function sweepStorm(state: EngineState, context: Context): Step {
  const { sweep } = state;
  const { snapshot, at, memcg, evidence } = context;
  if (sweep === undefined || memcg !== undefined) return stay(state);
  if (atLeast(at, sweep.until)) return stay({ ...state, sweep: undefined });
  if (snapshot.processes === undefined) return stay(state);
  if (sweep.isClear && !callsForVictim(evidence.alarm)) return stay(state);
  const stragglers = findStragglers(state, sweep, context);
  if (stragglers.length > 0) return strikeDown(state, sweep, { stragglers, context });
  // Who was seen before the blow says nothing about who was born until then.
  if (!sweep.isIncomplete && below(sweep.begunAt, at)) return stay({ ...state, sweep: undefined });
  if (sweep.isClear || state.inFlight !== undefined) return stay(state);
  return stay({ ...state, sweep: { ...sweep, isClear: true, until: add(at, rest) } });
}

/** How long a storm that has ended may begin again without being another one. */
const rest = seconds(10);

/** Whether the process table is wanted for the sweep's sake. */
export const wantsSweep = (state: EngineState, { snapshot, at, memcg, evidence }: Context): boolean => {
  const { sweep } = state;
  if (sweep === undefined || memcg !== undefined || snapshot.processes !== undefined) return false;
  return below(at, sweep.until) && (!sweep.isClear || callsForVictim(evidence.alarm));
};

function findStragglers(state: EngineState, { name, youngest }: Sweep, context: Context): readonly Eligible[] {
  const table = knownValue(context.snapshot.processes);
  const bounds = boundsOf(context);
  if (table === undefined || bounds === undefined) return [];
  const skipped = new Set([...state.skipped, ...state.refused]);
  const judgements = judge(table, { ...bounds, skipped }, context.plan);
  const byPid = findJudged(judgements);
  return judgements.filter(
    (judgement): judgement is Eligible =>
      below(youngest, judgement.process.identity.startTicks) &&
      broodOf(judgement.process) === name &&
      isExpendable(judgement, byPid),
  );
}

interface Pass {
  readonly stragglers: readonly Eligible[];
  readonly context: Context;
}

function strikeDown(state: EngineState, sweep: Sweep, { stragglers, context }: Pass): Step {
  const { name } = sweep;
  const alarm = context.evidence.alarm ?? sweep.alarm;
  const { ranking, eligible } = rankFirst(stragglers, rankingShown);
  const [victim] = ranking;
  if (victim === undefined) return stay(state);
  const members = stragglers.map(({ candidate }) => candidate);
  const unit = makeUnit(victim, members, { kind: "family", name });
  const decision: Opening = {
    kind: "signal",
    signal: "SIGKILL",
    victim,
    reapsAtOnce: false,
    sharers: { suspects: [], protectedSuspects: [] },
    ...(unit && { group: unit.group }),
    alarm,
    ranking,
    eligible,
  };
  const { at } = context;
  const woken = sweep.isClear ? { ...sweep, isClear: false, until: add(at, sweepTime) } : sweep;
  // One flight at a time: while the storm's memory is awaited, nobody waits for what its last ones held.
  if (state.inFlight !== undefined) {
    const release: Decision = { kind: "release", victim: victim.identity };
    return { decisions: [decision, release], findings: [], state: { ...state, sweep: woken } };
  }
  const { termGrace: grace } = context.plan.kill;
  const choice = { decision, grace, sweeps: undefined, returns: returnsOfAll(stragglers) };
  const begun = beginKill(state, { ...context, alarm }, choice);
  return { decisions: [decision], findings: [], state: { ...begun, kills: state.kills, sweep: woken } };
}
