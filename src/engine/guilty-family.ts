import type { Candidate, GuiltyFamily } from "#domain/candidate.ts";
import { compareIdentities, isSameIdentity } from "#domain/identity.ts";
import type { ProcessFacts } from "#domain/process.ts";
import { atLeast, below, greatest, type KiB, kib, lessened, type Pid, scale, sum } from "#domain/units.ts";
import { type Eligible, type Judgement, processesOf, withTerms } from "./appraise.ts";
import { finderOf } from "./by-pid.ts";
import { type FamilyName, nameFamilies } from "./family.ts";
import { type FamilyGrowth, growthsSince, holds, totalGrowth } from "./family-growth.ts";
import type { FamilyLedger } from "./family-ledger.ts";
import { firstOf } from "./judge.ts";
import { onceFor } from "./once-for.ts";
import type { Plan } from "./plan.ts";

/** A family seen together. */
interface Kin {
  readonly name: FamilyName;
  readonly members: readonly Eligible[];
  readonly returns: KiB;
  readonly grown: KiB;
}

/** A member that holds as much as this of its family is to blame alone. */
export const aloneToBlame = 1 / 2;
/** How many times as large as any other candidate a family has to be: the death of one of its members is no small answer. */
export const clearlyLarger = 2;
/** The share of all growth since trouble began that makes a family its cause. */
export const cause = 2 / 3;
/** Of `low`: less growth than this is what memory does anyway. */
export const noticeable = 1 / 8;

/**
 * Looks for a family that is to blame although none of its members is: what made memory short since the ledger was opened,
 * and clearly larger than anybody else. Each of its members that yields to no other gets a term for what the rest of the
 * family holds, so that the largest of them is ranked by the size of the family, and their own order stays.
 */
export function blameFamily(
  judgements: readonly Judgement[],
  ledger: FamilyLedger | undefined,
  plan: Plan,
): readonly Judgement[] {
  const kin = ledger && findCause(judgements, ledger);
  if (ledger === undefined || kin === undefined || !isGuilty(kin, judgements, plan)) return judgements;
  const { name, members, returns, grown } = kin;
  const chosen = new Set(withoutYielding(takers(members, ledger)));
  const largest = largestOf(chosen);
  const term = { name: "family", value: lessened(returns, largest) };
  const family: GuiltyFamily = { name, processes: members.length, returns, grown };
  return judgements.map((judgement) => {
    if (judgement.kind === "ineligible" || !chosen.has(judgement)) return judgement;
    const { candidate } = judgement;
    return { ...judgement, candidate: { ...candidate, badness: withTerms(candidate.badness, [term]), family } };
  });
}

/** Who of its family can be chosen, itself among them. */
export function familyMembers(judgements: readonly Judgement[], of: Judgement): readonly Candidate[] {
  const familyOf = nameFamilies(processesOf(judgements));
  const name = familyOf(of.process);
  return judgements.flatMap((judgement) =>
    judgement.kind === "eligible" && familyOf(judgement.process) === name ? [judgement.candidate] : [],
  );
}

/** The family that most of all growth is due to. */
function findCause(judgements: readonly Judgement[], ledger: FamilyLedger): Kin | undefined {
  const familyOf = nameFamilies(processesOf(judgements));
  const growths = growthsOf(judgements, ledger);
  const needed = scale(totalGrowth(growths), cause);
  // No two can have so much of it.
  const most = growths.find(({ grown }) => atLeast(grown, needed));
  if (most === undefined) return undefined;
  const members = judgements.filter(
    (judgement): judgement is Eligible => judgement.kind === "eligible" && familyOf(judgement.process) === most.family,
  );
  return { name: most.family, members, returns: returnsOfAll(members), grown: most.grown };
}

/** The families that grew, what they lost included. Who was given up holds what it held; that it does counts for nobody's growth. */
export function growthsOf(judgements: readonly Judgement[], ledger: FamilyLedger): readonly FamilyGrowth[] {
  return growthsSince(seenOf(judgements), ledger, nameFamilies(processesOf(judgements)));
}

/** Those whose growth counts. */
export const seenOf = onceFor((judgements: readonly Judgement[]): readonly ProcessFacts[] =>
  processesOf(judgements.some(isGivenUp) ? judgements.filter((each) => !isGivenUp(each)) : judgements),
);

const isGivenUp = (judgement: Judgement): boolean => judgement.kind === "ineligible" && judgement.why === "skipped";

function isGuilty({ members, grown }: Kin, judgements: readonly Judgement[], plan: Plan): boolean {
  if (below(grown, scale(plan.headroom.low, noticeable))) return false;
  return areToBlameTogether(members, judgements, clearlyLarger);
}

/**
 * Whether some are to blame together: none of them holds so much that it is to blame alone, and nobody else comes near to all of them.
 * @param times how many times as large as any other candidate they have to be
 */
export function areToBlameTogether(
  members: readonly Eligible[],
  judgements: readonly Judgement[],
  times: number,
): boolean {
  const returns = returnsOfAll(members);
  if (!below(largestOf(members), scale(returns, aloneToBlame))) return false;
  const own = new Set<Judgement>(members);
  const others = judgements.filter((judgement) => !own.has(judgement));
  const first = firstOf(others);
  return first === undefined || atLeast(returns, scale(first.candidate.badness.total, times));
}

const returnsOf = ({ candidate }: Eligible): KiB => candidate.returns;

/** What some give back together. */
export const returnsOfAll = (members: readonly Eligible[]): KiB => sum(members.map(returnsOf));

/** What the largest of some gives back. */
export const largestOf = (members: Iterable<Eligible>): KiB => [...members].map(returnsOf).reduce(greatest, kib(0));

/**
 * The members but for those that started others among them which together hold as much as they do: a browser's main
 * process goes after its tabs, because with it they all go.
 */
export function withoutYielding(members: readonly Eligible[]): readonly Eligible[] {
  const startedBy = new Map<Pid, KiB>();
  const started = ({ process }: Eligible): KiB => startedBy.get(process.identity.pid) ?? kib(0);
  // The youngest first: what is below a process is known before it is passed on to its parent.
  for (const member of members.toSorted(byYouth)) {
    const { parent } = member.process;
    if (parent === undefined) continue;
    startedBy.set(parent, sum([startedBy.get(parent) ?? kib(0), returnsOf(member), started(member)]));
  }
  return members.filter((member) => started(member) === 0 || below(started(member), returnsOf(member)));
}

/**
 * Those of a family who took at least half of an even share of what it took since trouble began: in the window of a terminal most were
 * there before, and took nothing. All of them, where nobody took so much.
 */
function takers(members: readonly Eligible[], { processes }: FamilyLedger): readonly Eligible[] {
  const thenOf = finderOf(processes);
  const took = members.map(({ process }) => {
    const then = thenOf(process.identity.pid);
    const isSame = then !== undefined && isSameIdentity(then.identity, process.identity);
    return lessened(holds(process), holds(isSame ? then : undefined));
  });
  const due = scale(sum(took), evenShare / Math.max(1, members.length));
  const found = members.filter((_, at) => atLeast(took[at] ?? kib(0), due));
  return found.length === 0 ? members : found;
}

/** Of an even share: who took less is not what the family is to blame for. */
const evenShare = 1 / 2;

const byYouth = (a: Eligible, b: Eligible): number => compareIdentities(b.process.identity, a.process.identity);
