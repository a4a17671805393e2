import type { ProcessFacts, ProcessTable } from "#domain/process.ts";
import { lessened } from "#domain/units.ts";
import type { EngineState } from "./engine-state.ts";
import type { Context } from "./step.ts";

/** It has let go of its memory, which the kernel is still taking back: it cannot be ranked any more, and is no zombie yet. */
const isExiting = ({ isDying, isKernelThread, memory, state }: ProcessFacts): boolean =>
  isDying && !isKernelThread && memory === undefined && state !== "zombie" && state !== "dead";

/**
 * Whether somebody who was killed by others, the kernel's own OOM killer say, or who ends by himself is just giving back
 * what is missing. Two proofs: a process that is exiting, and headroom that rises fast enough to be above `low` in the
 * time a victim of our own would be given. Both are asked for again at every look.
 */
export function isMemoryReturning({ trend }: EngineState, table: ProcessTable, { evidence, plan }: Context): boolean {
  const rise = -(trend?.lastFall ?? 0);
  if (rise <= 0 || !table.processes.some(isExiting)) return false;
  const missing = lessened(plan.headroom.low, evidence.headroom);
  return rise * plan.kill.confirmTimeout >= missing;
}
