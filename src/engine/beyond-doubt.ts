import type { Candidate } from "#domain/candidate.ts";
import type { ProcessTable, UnreadProcesses } from "#domain/process.ts";
import { add, atLeast, below, type KiB, kib, mib, percentOf, scale } from "#domain/units.ts";
import { firstTerm, leastUseOf } from "./appraise.ts";
import { type Choice, groupsSeen, type Question } from "./choose-victim.ts";
import type { EngineState } from "./engine-state.ts";
import { aloneToBlame } from "./guilty-family.ts";
import { takesOthers } from "./kill-manner.ts";
import type { Plan } from "./plan.ts";
import type { RuleVerdict } from "./rule.ts";

/** What was chosen, and from what. */
export interface Chosen {
  readonly choice: Choice | undefined;
  readonly table: ProcessTable;
  /** What the scope can hold. */
  readonly total: KiB;
}

/** Below `min`, who has so little more is not searched for among thousands: a huge page, and as far as the kernel's own counters may be off. */
export const negligible = mib(2);

/**
 * Whether nobody who was left out of the table could have been chosen instead. What they can have is known of the machine as a
 * whole; of who belongs to a memcg, a group or a family that grew, nothing is known but by reading.
 */
export function isBeyondDoubt({ choice, table, total }: Chosen, { ledger }: EngineState, question: Question): boolean {
  const { unread } = table;
  if (unread === undefined) return true;
  const { memcg, plan, alarm } = question;
  const countsOthers =
    asksForOthers(plan) ||
    (choice?.decision.kind === "signal" && choice.decision.group !== undefined) ||
    memcg !== undefined ||
    ledger !== undefined ||
    groupsSeen(question).length > 0;
  if (choice === undefined || countsOthers) return false;
  const limit = plan.policy.limit(unread, { total, pageSize: plan.pageSize });
  const most = choice.decision.victim.badness.total;
  // Below `min` there is no time to find out of thousands who is preferred, or whose they are: what is not known is not held against anybody.
  if (alarm.kind === "exhausted") return below(limit, add(most, negligible));
  if (mayYield(choice.decision.victim, question)) return false;
  return below(add(limit, mostByRules({ plan, unread, total })), most);
}

/** Whether settings or a rule have others die with somebody who is chosen. */
const asksForOthers = ({ kill, rules }: Plan): boolean =>
  [kill.unit, ...rules.map(({ manner }) => manner?.unit)].some((unit) => unit !== undefined && takesOthers(unit));

/** Whether somebody may have started others who hold as much as it does, so that one of them goes instead. */
const mayYield = ({ returns }: Candidate, { plan, evidence }: Question): boolean =>
  plan.policy.blames.children && below(returns, scale(evidence.memory.held, aloneToBlame));

interface Unknown {
  readonly plan: Plan;
  readonly unread: UnreadProcesses;
  readonly total: KiB;
}

/** What rules could add to the score of somebody of whom it is not known what they say. */
function mostByRules({ plan, unread, total }: Unknown): KiB {
  const isAny = (wanted: RuleVerdict): boolean => plan.rules.some(({ verdict }) => verdict === wanted);
  const first = isAny("first") && atLeast(unread.held, leastUseOf(total)) ? firstTerm(total).value : kib(0);
  return isAny("prefer") ? add(first, percentOf(plan.preference, total)) : first;
}
