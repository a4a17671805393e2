import { knownValue } from "#domain/snapshot.ts";
import { atLeast, below } from "#domain/units.ts";
import type { Eligible } from "./appraise.ts";
import { broodOf, isExpendable } from "./brood.ts";
import { boundsOf, rankingShown } from "./choose-victim.ts";
import type { EngineState } from "./engine-state.ts";
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
 * It is the same kill, hence without cool-down and budget, and nobody waits for it: a pass is over with its signals. The sweep
 * ends when a look sees nobody of the storm and its memory is awaited no more, or by time.
 */
export function sweepStorm(state: EngineState, context: Context): Step {
  const { sweep } = state;
  const { snapshot, at, memcg } = context;
  if (sweep === undefined || memcg !== undefined) return stay(state);
  if (atLeast(at, sweep.until)) return stay({ ...state, sweep: undefined });
  if (snapshot.processes === undefined) return stay(state);
  const stragglers = findStragglers(state, sweep, context);
  if (stragglers.length > 0) return strikeDown(state, sweep, { stragglers, context });
  return stay(state.inFlight === undefined ? { ...state, sweep: undefined } : state);
}

/** Whether the process table is wanted for the sweep's sake. */
export const wantsSweep = ({ sweep }: EngineState, { snapshot, at, memcg }: Context): boolean =>
  sweep !== undefined && memcg === undefined && snapshot.processes === undefined && below(at, sweep.until);

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

function strikeDown(state: EngineState, { name, alarm: condemned }: Sweep, { stragglers, context }: Pass): Step {
  const { ranking, eligible } = rankFirst(stragglers, rankingShown);
  const [victim] = ranking;
  if (victim === undefined) return stay(state);
  const unit = makeUnit(victim, { name, members: stragglers, isStorm: true });
  return {
    decisions: [
      {
        kind: "signal",
        signal: "SIGKILL",
        victim,
        reapsAtOnce: false,
        sharers: { suspects: [], protectedSuspects: [] },
        ...(unit && { group: unit.group }),
        alarm: context.evidence.alarm ?? condemned,
        ranking,
        eligible,
      },
      { kind: "release", victim: victim.identity },
    ],
    findings: [],
    state,
  };
}
