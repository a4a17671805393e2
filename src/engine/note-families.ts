import { knownValue } from "#domain/snapshot.ts";
import { below, seconds, subtract } from "#domain/units.ts";
import type { EngineState } from "./engine-state.ts";
import { nameFamilies } from "./family.ts";
import { addUpFamilies } from "./family-ledger.ts";
import { type Context, type Step, stay } from "./step.ts";

/** What was read in calm says nothing about trouble that begins later. */
const stale = seconds(10);

/** Opens the ledger with the last table before trouble, or else the first in it, and keeps it until the alarm is over. */
export function noteFamilies(state: EngineState, { snapshot, memcg, plan, at }: Context): Step {
  if (memcg !== undefined || !plan.policy.blamesFamilies) return stay(state);
  const { ledger, alarm } = state;
  const isCalm = alarm === undefined;
  const table = knownValue(snapshot.processes);
  if (table !== undefined && (isCalm || ledger === undefined)) {
    return stay({ ...state, ledger: { at, held: addUpFamilies(table.processes, nameFamilies(table.processes)) } });
  }
  if (!isCalm || ledger === undefined || below(subtract(at, ledger.at), stale)) return stay(state);
  return stay({ ...state, ledger: undefined });
}
