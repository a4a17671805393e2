import type { Decision } from "#domain/decision.ts";
import type { Finding } from "#domain/finding.ts";
import type { WatchedMemcg } from "#domain/memcg.ts";
import type { Meminfo } from "#domain/meminfo.ts";
import type { Snapshot } from "#domain/snapshot.ts";
import type { Milliseconds } from "#domain/units.ts";
import type { EngineState } from "./engine-state.ts";
import type { Evidence } from "./evidence.ts";
import type { Plan } from "./plan.ts";
import type { ScopeMemory } from "./scope-memory.ts";

/** What every part of a decision about one scope may depend on, besides the state, which has that scope in view. */
export interface Context {
  readonly snapshot: Snapshot;
  readonly meminfo: Meminfo;
  /** The memory of the whole machine, whatever the scope. */
  readonly machine: ScopeMemory;
  /** Undefined: the scope is the whole machine. */
  readonly memcg: WatchedMemcg | undefined;
  readonly evidence: Evidence;
  /** With the watermarks, detectors and alarms of the scope. */
  readonly plan: Plan;
  /** The snapshot's time: the only clock there is. */
  readonly at: Milliseconds;
}

/** What one part of a decision adds to it. */
export interface Step {
  readonly state: EngineState;
  readonly decisions: readonly Decision[];
  readonly findings: readonly Finding[];
}

/** A step that changes nothing and has nothing to tell. */
export const stay = (state: EngineState): Step => ({ state, decisions: [], findings: [] });

/** Runs the next part on what the one before left, and keeps what both said. */
export function then(step: Step, next: (state: EngineState) => Step): Step {
  const { state, decisions, findings } = next(step.state);
  return {
    state,
    decisions: [...step.decisions, ...decisions],
    findings: [...step.findings, ...findings],
  };
}
