import { compareIdentities } from "#domain/identity.ts";
import type { ProcessFacts } from "#domain/process.ts";
import { compareRanks, digestOf, type TableDigest } from "#domain/table-digest.ts";
import { appraise, type Eligible, type Judgement } from "./appraise.ts";
import { mayBlameOthers, type Remembered } from "./blameless.ts";
import { type Choice, groupsSeen, openKill, type Question, rankingShown, type Seen } from "./choose-victim.ts";
import type { EngineState } from "./engine-state.ts";
import { guardAmong } from "./guard/guard-kin.ts";
import { isDisplayManager, type Kinship } from "./guard/session-guard.ts";
import { type Leaders, rankFirst, rankOf, standardsOf } from "./judge.ts";
import { takesOthers } from "./kill-manner.ts";
import { blameGrowth, type LoneCause, loneCauseOf } from "./lone-cause.ts";
import { measureOf } from "./measure.ts";
import type { Plan } from "./plan.ts";
import { findBelow } from "./process-tree.ts";
import { ownRules } from "./ruling.ts";
import { couldShare, nearestInAge, suspectedOfEach, tellSharers } from "./sharers.ts";
import { canBeSpared, findInstead, type Sparing } from "./spare-main.ts";
import { columnsOf, placesNear } from "./table-columns.ts";
import { findChildrenNow, findNow } from "./table-now.ts";

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
  const basis: Basis = { known, appraiseSome };
  const { plan } = question;
  const since = state.ledger && { known, processes: table.processes, ledger: state.ledger };
  const byItself = findFirst(judgements, known);
  if (byItself === undefined) return undefined;
  if (since !== undefined && mayBlameOthers({ ...byItself, judgements }, since, plan)) return undefined;
  const found = since && causeSince(since, plan);
  const blamed = blameGrowth(judgements, found);
  const first = blamed === judgements ? byItself : findFirst(blamed, known);
  const chosen = first && spareFirst(first, { judgements: blamed, basis, sparing: { plan, found } });
  if (chosen === undefined) return undefined;
  const { own, ranking, eligible } = chosen;
  const { candidate: victim, manner } = own;
  if (takesOthers(manner.unit ?? plan.kill.unit)) return undefined;
  const { isDying, state: runState } = own.process;
  const isStopped = runState === "stopped";
  const sharers = tellSharers(findSharers(own.process, judgements, basis));
  return openKill({ victim, isDying, isStopped, manner, ranking, eligible, sharers, unit: undefined }, question);
}

interface First extends Leaders {
  readonly own: Eligible;
}

/** Who comes first for certain, and those after it that are certain. */
function findFirst(judgements: readonly Judgement[], { firstOther, others }: TableDigest): First | undefined {
  const { ranking, eligible } = rankFirst(judgements, rankingShown);
  const certain = ranking.filter((each) => firstOther === undefined || compareRanks(rankOf(each), firstOther) < 0);
  const [victim] = certain;
  const own = judgements.find((each): each is Eligible => each.kind === "eligible" && each.candidate === victim);
  return own && { own, ranking: certain, eligible: eligible + others };
}

/** So many are judged below one that ranks first: of more it takes as long to remember everybody's judgement. */
const few = 200;

interface Spared {
  readonly judgements: readonly Judgement[];
  readonly basis: Basis;
  readonly sparing: Sparing;
}

/** The same with a child in its place that goes instead, if there is one. Undefined: nobody can tell at once. */
function spareFirst(first: First, { judgements, basis, sparing }: Spared): First | undefined {
  const { own, ranking } = first;
  if (!canBeSpared(own, sparing)) return first;
  const { known, appraiseSome } = basis;
  const below = new Set(findBelow(own.process, findChildrenNow(known)));
  if (below.size > few) return undefined;
  const judged = judgements.filter(({ process }) => below.has(process));
  for (const { process } of judged) below.delete(process);
  const instead = findInstead(own, [...judged, ...appraiseSome([...below])], sparing);
  if (instead === undefined) return first;
  const { candidate } = instead;
  const others = ranking.filter(({ identity }) => compareIdentities(identity, candidate.identity) !== 0);
  return { ...first, own: instead, ranking: [candidate, ...others].slice(0, rankingShown) };
}

/** Who is the cause of trouble alone, if anybody is. Where trouble begins with this look nothing has changed since. */
function causeSince({ known, ledger, processes }: Remembered, plan: Plan): LoneCause | undefined {
  const isCounted = plan.policy.blames.growth && ledger.processes !== processes;
  return isCounted ? loneCauseOf(known.changes, plan) : undefined;
}

/** What is known of the table, if it is about this question, and nobody can have to die because of somebody else. */
function findEnough(state: EngineState, { table, bounds }: Seen, question: Question): TableDigest | undefined {
  // Who was given up may be anywhere.
  if (state.skipped.size + state.refused.size > 0) return undefined;
  const { memcg, plan } = question;
  if (memcg !== undefined || table.unread !== undefined || groupsSeen(question).length > 0) return undefined;
  if (takesOthers(plan.kill.unit) || ownRules(plan.rules) !== plan.rules) return undefined;
  const known = digestOf(table.processes);
  return known?.total === bounds.total && known.measure === measureOf(plan) ? known : undefined;
}

/** Relatives, among those who have changed and those who have not. */
function kinshipIn(known: TableDigest): Kinship {
  const now = findNow(known);
  const childrenOf = findChildrenNow(known);
  return {
    parentOf: ({ parent }) => (parent === undefined ? undefined : now(parent)),
    isOfDisplayManager: ({ parent }) => parent !== undefined && isDisplayManager(now(parent)),
    childrenOf: ({ identity: { pid } }) => childrenOf(pid),
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
