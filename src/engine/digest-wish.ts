import type { NextLook } from "#domain/decision.ts";
import type { DigestWish } from "#domain/table-digest.ts";
import type { EngineState } from "./engine-state.ts";
import { measureOf } from "./measure.ts";
import type { Plan } from "./plan.ts";

/** What is to be known of a table that is kept current, besides the table: whom the plan ranks first, and what changed since trouble began. */
export const wishFor = ({ keepsTable }: NextLook, { ledger }: EngineState, plan: Plan): DigestWish =>
  keepsTable === true
    ? {
        measure: measureOf(plan),
        bounds: plan.policy.bounds,
        ...(ledger && { since: ledger.processes }),
        ...(plan.pacing.tableEvery !== undefined && { asksForCmdline: true }),
      }
    : {};
