import type { ProcessTable } from "#domain/process.ts";
import { add, below, type KiB, kib, percentOf } from "#domain/units.ts";
import { type Choice, groupsSeen, type Question } from "./choose-victim.ts";
import type { EngineState } from "./engine-state.ts";

/** What was chosen, and from what. */
export interface Chosen {
  readonly choice: Choice | undefined;
  readonly table: ProcessTable;
  /** What the scope can hold. */
  readonly total: KiB;
}

/**
 * Whether nobody who was left out of the table could have been chosen instead. What they can have is known of the machine as a
 * whole; of who belongs to a memcg, a group or a family that grew, nothing is known but by reading.
 */
export function isBeyondDoubt({ choice, table, total }: Chosen, { ledger }: EngineState, question: Question): boolean {
  const { unread } = table;
  if (unread === undefined) return true;
  const { memcg, plan, alarm } = question;
  const countsOthers = memcg !== undefined || ledger !== undefined || groupsSeen(question).length > 0;
  if (choice === undefined || countsOthers) return false;
  const limit = plan.policy.limit(unread, { total, pageSize: plan.pageSize });
  // Below `min` there is no time to find out of thousands who is preferred: what is not known is not held against anybody.
  const isAnyPreferred = alarm.kind !== "exhausted" && plan.rules.some(({ verdict }) => verdict === "prefer");
  const lead = isAnyPreferred ? percentOf(plan.preference, total) : kib(0);
  return below(add(limit, lead), choice.decision.victim.badness.total);
}
