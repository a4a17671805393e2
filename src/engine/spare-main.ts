import { atLeast, lessened, scale } from "#domain/units.ts";
import { type Eligible, type Judgement, withTerms } from "./appraise.ts";
import { noticeable, withoutYielding } from "./guilty-family.ts";
import { firstOf } from "./judge.ts";
import type { LoneCause } from "./lone-cause.ts";
import type { Plan } from "./plan.ts";
import { findJudgedBelow } from "./process-tree.ts";

/** What sparing depends on besides who is judged. */
export interface Sparing {
  readonly plan: Plan;
  /** Who is the cause of trouble alone: it is not spared. */
  readonly found: LoneCause | undefined;
}

/**
 * Puts a large child of an application in the place of the process that started it, when that one ranks first and those below it hold as
 * much as it does: a browser that loses a tab goes on. Whoever is the cause of trouble itself is not spared.
 */
export function spareMain(judgements: readonly Judgement[], sparing: Sparing): readonly Judgement[] {
  const main = firstOf(judgements);
  if (main === undefined || !canBeSpared(main, sparing)) return judgements;
  const instead = findInstead(main, findJudgedBelow(main.process, judgements), sparing);
  return instead ? judgements.map((each) => (each.process === instead.process ? instead : each)) : judgements;
}

/** Whether somebody who ranks first may be spared. */
export const canBeSpared = ({ process }: Eligible, { plan, found }: Sparing): boolean =>
  plan.policy.blames.children && !process.isDying && process !== found?.process;

/**
 * Who goes instead of somebody who ranks first, with a term that puts it there. Undefined: nobody.
 * @param below whom that one started, and whom these started, in the same unit
 */
export function findInstead(main: Eligible, below: readonly Judgement[], { plan }: Sparing): Eligible | undefined {
  const child = findChild(main, below, plan);
  if (child === undefined) return undefined;
  const { candidate } = child;
  const value = lessened(main.candidate.badness.total, candidate.badness.total);
  const badness = withTerms(candidate.badness, [{ name: "application", value }]);
  return { ...child, candidate: { ...candidate, badness } };
}

/** The one that goes instead: the first in rank of those that a rule does not tell from it, and whose death is an answer. */
function findChild(main: Eligible, below: readonly Judgement[], { headroom: { low } }: Plan): Eligible | undefined {
  const members = [main, ...below.filter(isEligible)];
  const going = withoutYielding(members);
  if (members.length === 1 || going.includes(main)) return undefined;
  const large = scale(low, noticeable);
  return firstOf(going.filter((each) => atLeast(each.candidate.returns, large) && isRuledAlike(each, main)));
}

const isEligible = (judgement: Judgement): judgement is Eligible => judgement.kind === "eligible";

/** Where a rule tells them apart, it has spoken. */
const isRuledAlike = ({ leanings }: Eligible, main: Eligible): boolean =>
  leanings.length === main.leanings.length && leanings.every((rule) => main.leanings.includes(rule));
