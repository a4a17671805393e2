import { compareIdentities } from "#domain/identity.ts";
import type { ProcessFacts } from "#domain/process.ts";
import { compareRanks, digestOf, type TableDigest } from "#domain/table-digest.ts";
import { appraise, type Eligible, type Judgement } from "./appraise.ts";
import { findNow, mayBlameOthers } from "./blameless.ts";
import { type Choice, groupsSeen, openKill, type Question, rankingShown, type Seen } from "./choose-victim.ts";
import type { EngineState } from "./engine-state.ts";
import { guardAmong } from "./guard/guard-kin.ts";
import { isDisplayManager, type Kinship } from "./guard/session-guard.ts";
import { rankFirst, rankOf, standardsOf } from "./judge.ts";
import { measureOf } from "./measure.ts";
import { ownRules } from "./ruling.ts";
import { couldShare, nearestInAge, suspectedOfEach, tellSharers } from "./sharers.ts";
import { childrenOf, columnsOf, placesNear } from "./table-columns.ts";

/**
 * Chooses by what a machine has kept of its table, among the few who lead it or have changed, so that it takes the same time with a
 * hundred processes and with ten thousand. The choice is the one that all of them would lead to, with as much of the ranking as is
 * certain. Undefined: that cannot be said, and everybody has to be judged.
 */
export function chooseAtOnce(state: EngineState, { table, bounds }: Seen, question: Question): Choice | undefined {
  const known = findEnough(state, { table, bounds }, question);
  if (known === undefined) return undefined;
  const standards = standardsOf({ ...table, processes: known.heads }, bounds, question.plan);
  const appraiseSome = (some: readonly ProcessFacts[]): readonly Judgement[] =>
    guardAmong(
      some.map((process) => appraise(process, standards)),
      () => kinshipIn(known),
    );
  const judgements = appraiseSome(known.heads);
  const { ranking, eligible } = rankFirst(judgements, rankingShown);
  const { firstOther } = known;
  const certain = ranking.filter((each) => firstOther === undefined || compareRanks(rankOf(each), firstOther) < 0);
  const [victim] = certain;
  const own = judgements.find((each): each is Eligible => each.kind === "eligible" && each.candidate === victim);
  if (victim === undefined || own === undefined) return undefined;
  const { processes } = table;
  const { ledger } = state;
  if (ledger && mayBlameOthers({ own, judgements }, { processes, known, ledger }, question.plan)) return undefined;
  const sharers = tellSharers(findSharers(own.process, judgements, { known, appraiseSome }));
  const { isDying } = own.process;
  const isStopped = own.process.state === "stopped";
  const { manner } = own;
  if (manner.unit === "family") return undefined;
  return openKill(
    {
      victim,
      isDying,
      isStopped,
      manner,
      ranking: certain,
      eligible: eligible + known.others,
      sharers,
      unit: undefined,
    },
    question,
  );
}

/** What is known of the table, if it is about this question, and nobody can have to die because of somebody else. */
function findEnough(state: EngineState, { table, bounds }: Seen, question: Question): TableDigest | undefined {
  // Who was given up may be anywhere.
  if (state.skipped.size + state.refused.size > 0) return undefined;
  const { memcg, plan } = question;
  if (memcg !== undefined || table.unread !== undefined || groupsSeen(question).length > 0) return undefined;
  if (plan.kill.unit === "family" || ownRules(plan.rules) !== plan.rules) return undefined;
  const known = digestOf(table.processes);
  return known?.total === bounds.total && known.measure === measureOf(plan) ? known : undefined;
}

/** Relatives, among those who have changed and those who have not. */
function kinshipIn(known: TableDigest): Kinship {
  const now = findNow(known);
  const isNow = (process: ProcessFacts): boolean => now(process.identity.pid) === process;
  return {
    parentOf: ({ parent }) => (parent === undefined ? undefined : now(parent)),
    isOfDisplayManager: ({ parent }) => parent !== undefined && isDisplayManager(now(parent)),
    childrenOf: ({ identity: { pid } }) => [
      ...childrenOf(known.since, pid).filter(isNow),
      ...known.changes.flatMap(({ now: each }) => (each?.parent === pid ? each : [])),
    ],
  };
}

interface Basis {
  readonly known: TableDigest;
  appraiseSome(some: readonly ProcessFacts[]): readonly Judgement[];
}

/** Those who could use the victim's memory, the eldest first. Of those who have not changed, only the ones that have its address space or are relatives. */
function findSharers(
  victim: ProcessFacts,
  judgements: readonly Judgement[],
  { known, appraiseSome }: Basis,
): readonly Judgement[] {
  const { since } = known;
  const { placeOf, parents, virtuals } = columnsOf(since);
  const { parent, memory, identity } = victim;
  const elsewhere = new Set([...known.heads, ...known.changes.map(({ before }) => before)]);
  const isWanted = (place: number): boolean => {
    const process = since[place];
    return process !== undefined && !elsewhere.has(process) && couldShare(victim, process);
  };
  const own = placeOf(identity.pid);
  const isSame = own !== undefined && compareIdentities(since[own]?.identity ?? identity, identity) === 0;
  // Who came since is younger than they are.
  const nearness = { at: isSame ? own : since.length, most: suspectedOfEach, isWanted };
  const places = new Set([
    ...(memory === undefined ? [] : placesNear(virtuals, memory.virtual, nearness)),
    ...placesNear(parents, identity.pid, nearness),
    ...(parent === undefined ? [] : [...placesNear(parents, parent, nearness), placeOf(parent) ?? -1].filter(isWanted)),
  ]);
  const others = [...places].flatMap((at) => since[at] ?? []);
  return nearestInAge(victim, [
    ...judgements.filter(({ process }) => process !== victim && couldShare(victim, process)),
    ...appraiseSome(others),
  ]);
}
