import type { ProcessFacts, ProcessTable } from "#domain/process.ts";
import { digestOf } from "#domain/table-digest.ts";
import { lessened, type Pid } from "#domain/units.ts";
import type { EngineState } from "./engine-state.ts";
import type { Context } from "./step.ts";

/** It has let go of its memory, which the kernel is still taking back: it cannot be ranked any more, and is no zombie yet. */
const isExiting = ({ isDying, isKernelThread, memory, state }: ProcessFacts): boolean =>
  isDying && !isKernelThread && memory === undefined && state !== "zombie" && state !== "dead";

interface SeenProcesses {
  readonly table: ProcessTable;
  /** Of the memcg that is the scope. */
  readonly members: ReadonlySet<Pid> | undefined;
}

/**
 * Whether somebody who was killed by others, the kernel's own OOM killer say, or who ends by himself is just giving back
 * what is missing. Two proofs: a process that is exiting, and headroom that rises fast enough to be above `low` in the
 * time a victim of our own would be given. Both are asked for again at every look.
 */
export function isMemoryReturning({ trend }: EngineState, seen: SeenProcesses, { evidence, plan }: Context): boolean {
  const { table, members } = seen;
  const rise = -(trend?.lastFall ?? 0);
  const isLeaving = (process: ProcessFacts) => isExiting(process) && members?.has(process.identity.pid) !== false;
  // Whoever is dying is among the heads.
  const dying = digestOf(table.processes)?.heads ?? table.processes;
  if (rise <= 0 || !dying.some(isLeaving)) return false;
  const missing = lessened(plan.headroom.low, evidence.headroom);
  return rise * plan.kill.confirmTimeout >= missing;
}
