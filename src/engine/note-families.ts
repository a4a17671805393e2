import { knownValue } from "#domain/snapshot.ts";
import { below, seconds, subtract } from "#domain/units.ts";
import type { EngineState } from "./engine-state.ts";
import { callsForVictim } from "./evidence.ts";
import { openLedger } from "./family-ledger.ts";
import type { Plan } from "./plan.ts";
import { type Context, type Step, stay } from "./step.ts";
import { prepareColumns } from "./table-columns.ts";
import { isTroubleNear } from "./trend.ts";

/** What was read in calm says nothing about trouble that begins later. */
const stale = seconds(10);

/** Whether it is asked who grew since trouble began. */
export const needsLedger = ({ policy: { blames } }: Plan): boolean => blames.families || blames.growth;

/**
 * Opens the ledger with the last table before trouble, or else the first in it, and keeps it until the alarm is over. Trouble
 * begins with a fall that will soon be an alarm: a fork storm is half over when it has become one.
 */
export function noteFamilies(state: EngineState, { snapshot, memcg, plan, at }: Context): Step {
  if (memcg !== undefined || !needsLedger(plan)) return stay(state);
  const { ledger, alarm } = state;
  const isCalm = alarm === undefined && !isTroubleNear(state, plan);
  const table = knownValue(snapshot.processes);
  // Who was left out of a table would seem to have grown from nothing.
  if (table !== undefined && table.unread === undefined && (isCalm || ledger === undefined)) {
    if (!callsForVictim(alarm)) prepareColumns(table.processes);
    return stay({ ...state, ledger: openLedger(table, at) });
  }
  if (!isCalm || ledger === undefined || below(subtract(at, ledger.at), stale)) return stay(state);
  return stay({ ...state, ledger: undefined });
}
