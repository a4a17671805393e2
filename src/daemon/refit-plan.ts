import { compilePlan } from "#config/compile.ts";
import { knownValue, type Snapshot } from "#domain/snapshot.ts";
import { below, percent, percentOf, subtract } from "#domain/units.ts";
import type { EngineState } from "#engine/engine-state.ts";
import { allScopes } from "#engine/scope-state.ts";
import type { Journal } from "#journal/journal.ts";
import { type MachineFacts, machineFacts } from "#plan/watermarks.ts";
import type { PlanInForce } from "./plan-reading.ts";

/** RAM that comes or goes by less moves `auto` watermarks, which go by its root, by less than 2.5 %. */
const noticeable = percent(5);

/** A plan that is in force, a look that was decided by it, and what the engine knows after it. */
export interface Fitting {
  readonly inForce: PlanInForce;
  readonly snapshot: Snapshot;
  readonly engine: EngineState;
}

/**
 * The same settings resolved anew when RAM was plugged, unplugged, ballooned, or taken for huge pages: shares and `auto` mean the
 * machine that is. The plan in force where nothing noticeable changed, or the settings do not fit: then it is said once. A victim in
 * flight is followed to its end by the plan it was chosen under.
 */
export function refitPlan({ inForce, snapshot, engine }: Fitting, journal: Journal): PlanInForce {
  const meminfo = knownValue(snapshot.meminfo);
  if (meminfo === undefined || isAnyInFlight(engine)) return inForce;
  const facts = machineFacts({ meminfo, arc: engine.reserves.arc }, inForce.facts);
  if (!isAnotherSize(facts, inForce.facts)) return inForce;
  const compiled = compilePlan(inForce.loaded, facts);
  if (compiled.kind === "refused") {
    journal.emit("config.refused", { problems: compiled.problems.map(({ message }) => message) });
    return { ...inForce, facts };
  }
  const { min, low, high } = compiled.plan.headroom;
  journal.emit("machine.resized", { ram_kib: facts.ram, min_kib: min, low_kib: low, high_kib: high });
  // Who may be asked for memory was found out when the settings were read, and has nothing to do with the size.
  const plan = { ...compiled.plan, notify: inForce.plan.notify };
  return { ...inForce, facts, plan, warnings: compiled.warnings };
}

const isAnyInFlight = (engine: EngineState): boolean =>
  allScopes(engine).some(({ inFlight }) => inFlight !== undefined);

const isAnotherSize = (now: MachineFacts, before: MachineFacts): boolean =>
  !below(subtract(now.ram, before.ram), percentOf(noticeable, before.ram)) ||
  !below(subtract(before.ram, now.ram), percentOf(noticeable, before.ram));
