import type { Pid } from "#domain/units.ts";
import { type Judgement, processesOf } from "./appraise.ts";
import { indexByPid } from "./by-pid.ts";

/** Finds the judgement of the process that has a pid; undefined: a look did not see it. */
export type JudgedByPid = (pid: Pid) => Judgement | undefined;

/** All that a look saw, by pid. */
export function findJudged(judgements: readonly Judgement[]): JudgedByPid {
  const placeOf = indexByPid(processesOf(judgements));
  return (pid) => judgements[placeOf(pid) ?? judgements.length];
}
