import { knownValue } from "#domain/snapshot.ts";
import { rememberBranches } from "./branch-rates.ts";
import type { EngineState } from "./engine-state.ts";
import { type Context, type Step, stay } from "./step.ts";

/** Remembers how the counters of all cgroups inside a watched memcg stand, so that it can be told how fast they run. */
export function noteBranches(state: EngineState, { snapshot, memcg, plan, at }: Context): Step {
  if (memcg === undefined || plan.byBranch === undefined) return stay(state);
  const tree = knownValue(snapshot.branches)?.find(({ path }) => path === memcg.path);
  return tree === undefined ? stay(state) : stay({ ...state, branches: rememberBranches(state.branches, tree, at) });
}
