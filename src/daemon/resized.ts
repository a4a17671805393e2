import { knownValue, type Snapshot } from "#domain/snapshot.ts";
import { below, percent, percentOf, subtract } from "#domain/units.ts";
import type { EngineState } from "#engine/engine-state.ts";
import { allScopes } from "#engine/scope-state.ts";
import { type MachineFacts, machineFacts } from "#plan/watermarks.ts";

/** RAM that comes or goes by less moves `auto` watermarks, which go by its root, by less than 2.5 %. */
const noticeable = percent(5);

/** What a plan was resolved against, a look that was decided by it, and what the engine knows after it. */
export interface Sizing {
  readonly facts: MachineFacts;
  readonly snapshot: Snapshot;
  readonly engine: EngineState;
}

/**
 * What the machine is now, when that is noticeably another than the plan in force was made for. Undefined while a victim is in
 * flight: it is followed to its end by the plan it was chosen under.
 */
export function resizedTo({ facts, snapshot, engine }: Sizing): MachineFacts | undefined {
  const meminfo = knownValue(snapshot.meminfo);
  if (meminfo === undefined || isAnyInFlight(engine)) return undefined;
  const now = machineFacts({ meminfo, arc: engine.reserves.arc }, facts);
  return isAnotherSize(now, facts) ? now : undefined;
}

/** Whether somebody is being killed, for whatever scope. */
export const isAnyInFlight = (engine: EngineState): boolean =>
  allScopes(engine).some(({ inFlight }) => inFlight !== undefined);

const isAnotherSize = (now: MachineFacts, before: MachineFacts): boolean =>
  !below(subtract(now.ram, before.ram), percentOf(noticeable, before.ram)) ||
  !below(subtract(before.ram, now.ram), percentOf(noticeable, before.ram));
