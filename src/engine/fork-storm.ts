import type { Candidate, GuiltyFamily } from "#domain/candidate.ts";
import {
  add,
  atLeast,
  below,
  greatest,
  initPid,
  type KiB,
  kib,
  lessened,
  type Pid,
  type StartTicks,
  scale,
  startTicks,
} from "#domain/units.ts";
import { type Eligible, type Judgement, withTerms } from "./appraise.ts";
import { broodOf, isExpendable } from "./brood.ts";
import type { FamilyName } from "./family.ts";
import { growthOf, totalGrowth } from "./family-growth.ts";
import { type FamilyLedger, youngestOf } from "./family-ledger.ts";
import { areToBlameTogether, cause, growthsOf, largestOf, noticeable, returnsOfAll } from "./guilty-family.ts";
import { rank } from "./judge.ts";
import { findJudged } from "./judged-by-pid.ts";
import type { Plan } from "./plan.ts";

/** Processes that are started faster than they end, and that made memory short. */
export interface ForkStorm {
  readonly name: FamilyName;
  /** Started since trouble began. */
  readonly young: readonly Eligible[];
  /** Whoever starts them, unless that one has to live, and what is like them and was started of late. */
  readonly source: readonly Eligible[];
  /** What all of them give back. */
  readonly returns: KiB;
  /** What the young ones have taken. */
  readonly grown: KiB;
}

/** So many newcomers of one kind within seconds, all alive at once. A build may have as many, and is no storm: it stops when it loses one. */
export const several = 8;
/** So many more than those it lost left behind: whoever starts them does not heed it. */
const more = 4;
/**
 * Whoever is a minute older than the youngest it started made no memory short within seconds: a server with a burst of requests,
 * a runner of jobs, whoever adopts orphans. What it started in the burst may go; it stays, and so does what it started before.
 */
const settled = startTicks(6000);

/** How many times as large as anybody else a storm has to be: that it forks speaks against it as well. */
const asLarge = 1;

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
  const growths = growthsOf(judgements, ledger);
  const grown = greatest(returnsOfAll(young), growthOf(growths, name));
  const members = [...source, ...young];
  const isCause = atLeast(grown, scale(totalGrowth(growths), cause));
  const isNoticed = atLeast(grown, scale(plan.headroom.low, noticeable));
  if (!isCause || !isNoticed || !areToBlameTogether(members, judgements, asLarge)) return undefined;
  return { name, young, source, returns: returnsOfAll(members), grown };
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
 * The parent of most of a brood, first, and the copies of the young that were started before them, but of late. Where that
 * parent has to live, so has what it started before.
 */
function findSource({ name, young }: Brood, judgements: readonly Judgement[]): readonly Eligible[] {
  const byPid = findJudged(judgements);
  const [child] = young;
  if (child === undefined) return [];
  const own = new Set<Judgement>(young);
  const last = youngestOf(young.map(({ process }) => process));
  const mayGo = (each: Judgement): each is Eligible =>
    !own.has(each) && isExpendable(each, byPid) && !isSettled(each, last);
  const { comm } = child.process;
  const copies = judgements.filter(({ process }) => process.comm === comm && broodOf(process) === name);
  const parent = mostFrequentParent(young);
  const spawner = parent && byPid(parent);
  if (spawner === undefined || own.has(spawner)) return copies.filter(mayGo);
  if (!mayGo(spawner) || !isOnlySource(spawner, { name, young }, judgements)) return [];
  return [spawner, ...copies.filter(mayGo).filter((each) => each !== spawner)];
}

/**
 * Whether a parent does nothing but start a storm. Whoever started anything else, is another user's, or lives in another cgroup
 * does more: a session, a service manager, a terminal.
 */
function isOnlySource(
  { process }: Eligible,
  { name, young: [child] }: Brood,
  judgements: readonly Judgement[],
): boolean {
  if (process.uid !== child?.process.uid || process.traits.cgroup !== child?.process.traits.cgroup) return false;
  const isStranger = (each: Judgement): boolean =>
    each.process.parent === process.identity.pid && broodOf(each.process) !== name;
  return !judgements.some(isStranger);
}

const isSettled = ({ process }: Judgement, last: StartTicks): boolean =>
  atLeast(last, add(process.identity.startTicks, settled));

/** Of whom at least half are children. Init adopts orphans: it started none of them. */
function mostFrequentParent(young: readonly Eligible[]): Pid | undefined {
  const counts = new Map<Pid, number>();
  for (const { process } of young) {
    if (process.parent !== undefined && process.parent !== initPid)
      counts.set(process.parent, (counts.get(process.parent) ?? 0) + 1);
  }
  return [...counts].find(([, count]) => 2 * count >= young.length)?.[0];
}

/**
 * Whether a storm replaces what it loses, and grows on: then it cannot be brought down one by one. Jobs that end by themselves
 * and are followed by others are no growth.
 */
export function isOutrunning(storm: ForkStorm | undefined, { left }: FamilyLedger): boolean {
  const remained = storm && left.get(storm.name);
  return storm !== undefined && remained !== undefined && storm.young.length >= remained + more;
}

/** As many of the guilty as it takes to bring back what is needed, those that rank first before others. */
export function shed(judgements: readonly Judgement[], needed: KiB): readonly Candidate[] {
  const byPid = findJudged(judgements);
  const guilty = judgements.filter((each) => isExpendable(each, byPid) && each.candidate.family !== undefined);
  let awaited = kib(0);
  return rank(guilty).filter(({ returns }) => {
    const isNeeded = below(awaited, needed);
    if (isNeeded) awaited = add(awaited, returns);
    return isNeeded;
  });
}

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
  const [first] = source;
  const blamed = new Set<Judgement>(isWhole ? [...source, ...young] : young);
  const family: GuiltyFamily = { name, processes: source.length + young.length, returns, grown, young: young.length };
  const term = { name: "family", value: lessened(returns, largestOf(young)) };
  const whole = { name: "family", value: returns };
  return judgements.map((judgement) => {
    if (judgement.kind === "ineligible" || !blamed.has(judgement)) return judgement;
    const { candidate } = judgement;
    const badness = withTerms(candidate.badness, [judgement === first ? whole : term]);
    return { ...judgement, candidate: { ...candidate, badness, family } };
  });
}
