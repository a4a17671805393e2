import { compilePlan } from "#config/compile.ts";
import type { Snapshot } from "#domain/snapshot.ts";
import type { EngineState } from "#engine/engine-state.ts";
import type { Journal } from "#journal/journal.ts";
import { type PlanInForce, withGivers } from "./plan-reading.ts";
import { resizedTo } from "./resized.ts";

/** A plan that is in force, a look that was decided by it, and what the engine knows after it. */
export interface Fitting {
  readonly inForce: PlanInForce;
  readonly snapshot: Snapshot;
  readonly engine: EngineState;
}

/**
 * The same settings resolved anew when RAM was plugged, unplugged, ballooned, or taken for huge pages: shares and `auto` mean the
 * machine that is. The plan in force where nothing noticeable changed, or the settings do not fit: then it is said once.
 */
export function refitPlan({ inForce, snapshot, engine }: Fitting, journal: Journal): PlanInForce {
  const facts = resizedTo({ facts: inForce.facts, snapshot, engine });
  if (facts === undefined) return inForce;
  const compiled = compilePlan(inForce.loaded, facts);
  if (compiled.kind === "refused") {
    journal.emit("config.refused", { problems: compiled.problems.map(({ message }) => message) });
    return { ...inForce, facts };
  }
  const { min, low, high } = compiled.plan.headroom;
  journal.emit("machine.resized", { ram_kib: facts.ram, min_kib: min, low_kib: low, high_kib: high });
  // Who may be asked for memory, and what may be run, was found out when the settings were read, and has nothing to do with the size.
  const { plan, recipe, warnings } = compiled;
  return withGivers({ ...inForce, facts, plan, recipe, warnings }, inForce.plan.notify);
}
