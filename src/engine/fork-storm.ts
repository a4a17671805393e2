import type { Alarm } from "#domain/alarm.ts";
import type { GuiltyFamily } from "#domain/candidate.ts";
import { atLeast, below, type KiB, lessened, type Pid, type StartTicks, scale } from "#domain/units.ts";
import { type Eligible, type Judgement, withTerms } from "./appraise.ts";
import { broodOf, canBeTaken, isExpendable } from "./brood.ts";
import type { FamilyName } from "./family.ts";
import type { FamilyLedger } from "./family-ledger.ts";
import { aloneToBlame, cause, largestOf, noticeable, returnsOfAll, totalGrowth } from "./guilty-family.ts";
import { rankFirst } from "./judge.ts";
import { findJudged } from "./judged-by-pid.ts";
import type { Plan } from "./plan.ts";

/** Processes that are started faster than they end, and that made memory short. */
export interface ForkStorm {
  readonly name: FamilyName;
  /** Started since trouble began. */
  readonly young: readonly Eligible[];
  /** Whoever starts them, and what it had started before of the same kind. Nobody, where that one has to live. */
  readonly source: readonly Eligible[];
  /** What all of them give back. */
  readonly returns: KiB;
  /** What the young ones have taken. */
  readonly grown: KiB;
}

/** So many newcomers of one kind within seconds, all alive at once. A build may have as many, and is no storm: it stops when it loses one. */
const several = 8;
/** So many are taken for a storm when there is no time left to kill one and see. */
const many = 16;
/** So many more after one was killed: whoever starts them did not heed it. */
const more = 4;

/**
 * Looks for a fork storm: many young processes of one family to whom most of all growth since trouble began is due, of whom none
 * is to blame alone, and who hold as much as anybody else.
 */
export function findStorm(judgements: readonly Judgement[], ledger: FamilyLedger, plan: Plan): ForkStorm | undefined {
  const isYoung = ({ process }: Judgement) => below(ledger.youngest, process.identity.startTicks);
  const newcomers = judgements.filter(isYoung);
  if (newcomers.length < several) return undefined;
  const byPid = findJudged(judgements);
  const brood = largestBrood(newcomers.filter((each): each is Eligible => isExpendable(each, byPid)));
  if (brood === undefined) return undefined;
  const { name, young } = brood;
  const source = findSource(brood, judgements);
  const grown = returnsOfAll(young);
  const returns = returnsOfAll([...source, ...young]);
  const storm: ForkStorm = { name, young, source, returns, grown };
  const isCause = atLeast(grown, scale(totalGrowth(judgements, ledger), cause));
  const isNoticed = atLeast(grown, scale(plan.headroom.low, noticeable));
  return isCause && isNoticed && isLarge(storm, judgements) ? storm : undefined;
}

interface Brood {
  readonly name: FamilyName;
  readonly young: readonly Eligible[];
}

/** Of the families that gained many the one that took most. */
function largestBrood(young: readonly Eligible[]): Brood | undefined {
  const broods = new Map<FamilyName, Eligible[]>();
  for (const each of young) {
    const name = broodOf(each.process);
    const brood = broods.get(name);
    if (brood === undefined) broods.set(name, [each]);
    else brood.push(each);
  }
  return [...broods]
    .map(([name, members]) => ({ name, young: members, returns: returnsOfAll(members) }))
    .filter((brood) => brood.young.length >= several)
    .reduce<(Brood & { returns: KiB }) | undefined>(
      (best, each) => (best !== undefined && atLeast(best.returns, each.returns) ? best : each),
      undefined,
    );
}

/**
 * The parent of most of a brood, first, and the other children it has. Whoever started anything else, is another user's, or
 * lives in another cgroup is more than the source of a storm, and is left alone: a session, a service manager, a terminal.
 */
function findSource({ name, young }: Brood, judgements: readonly Judgement[]): readonly Eligible[] {
  const byPid = findJudged(judgements);
  const own = new Set<Judgement>(young);
  const parent = mostFrequentParent(young);
  const spawner = parent && byPid(parent);
  const [child] = young;
  if (spawner === undefined || child === undefined || own.has(spawner) || !isExpendable(spawner, byPid)) return [];
  const { uid, traits } = spawner.process;
  if (uid !== child.process.uid || traits.cgroup !== child.process.traits.cgroup) return [];
  const others = judgements.filter((each) => each.process.parent === parent && !own.has(each));
  if (others.some(({ process }) => broodOf(process) !== name)) return [];
  return [spawner, ...others.filter(canBeTaken)];
}

/** Of whom at least half are children. */
function mostFrequentParent(young: readonly Eligible[]): Pid | undefined {
  const counts = new Map<Pid, number>();
  for (const { process } of young) {
    if (process.parent !== undefined) counts.set(process.parent, (counts.get(process.parent) ?? 0) + 1);
  }
  return [...counts].find(([, count]) => 2 * count >= young.length)?.[0];
}

/** One of its members is not enough, and nobody else is more to blame. */
function isLarge({ young, source, returns }: ForkStorm, judgements: readonly Judgement[]): boolean {
  const members = [...source, ...young];
  const own = new Set<Judgement>(members);
  if (!below(largestOf(members), scale(returns, aloneToBlame))) return false;
  const others = judgements.filter((judgement) => !own.has(judgement));
  const [first] = rankFirst(others, 1).ranking;
  return first === undefined || atLeast(returns, first.badness.total);
}

/**
 * Whether a storm is faster than kills of one process after the other: it goes on although one of it was killed, or there is no
 * time left to find that out.
 */
export function isOutrunning({ name, young }: ForkStorm, { struck }: FamilyLedger, { kind }: Alarm): boolean {
  const since = struck.get(name);
  if (since !== undefined && countBornAfter(young, since) >= more) return true;
  return kind === "exhausted" && young.length >= many;
}

const countBornAfter = (members: readonly Eligible[], since: StartTicks): number =>
  members.filter(({ process }) => below(since, process.identity.startTicks)).length;

/**
 * Ranks members of a storm by its size. Where all of them go, whoever starts them answers for the whole and goes first; where
 * one goes as a warning, it is one of the young.
 */
export function blameStorm(
  judgements: readonly Judgement[],
  storm: ForkStorm,
  { isWhole }: { readonly isWhole: boolean },
): readonly Judgement[] {
  const { name, young, source, returns, grown } = storm;
  const [spawner] = source;
  const blamed = new Set<Judgement>(isWhole ? [...source, ...young] : young);
  const family: GuiltyFamily = { name, processes: source.length + young.length, returns, grown, young: young.length };
  const term = { name: "family", value: lessened(returns, largestOf(young)) };
  const whole = { name: "family", value: returns };
  return judgements.map((judgement) => {
    if (judgement.kind === "ineligible" || !blamed.has(judgement)) return judgement;
    const { candidate } = judgement;
    const badness = withTerms(candidate.badness, [judgement === spawner ? whole : term]);
    return { ...judgement, candidate: { ...candidate, badness, family } };
  });
}
