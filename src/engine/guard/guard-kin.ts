import type { Guard } from "#domain/guard.ts";
import type { ProcessFacts } from "#domain/process.ts";
import type { Pid } from "#domain/units.ts";
import type { Judgement } from "#engine/appraise.ts";
import { finderOf } from "#engine/by-pid.ts";
import { guardByKin, isDisplayManager, type Kinship } from "./session-guard.ts";

/** Takes out whom his relatives show to be a part of the session. All of a table are needed for that, in its order. */
export const guardKin = (judgements: readonly Judgement[], processes: readonly ProcessFacts[]): readonly Judgement[] =>
  guardAmong(judgements, () => kinshipOf(judgements, processes));

/** The same of some, whose relatives are found elsewhere. */
export function guardAmong(judgements: readonly Judgement[], findKin: () => Kinship): readonly Judgement[] {
  if (!judgements.some(asksKin)) return judgements;
  const kin = findKin();
  const guards = new Map<Judgement, Guard>();
  for (const judgement of judgements) {
    const guard = asksKin(judgement) ? guardByKin(judgement.process, kin) : undefined;
    if (guard !== undefined) guards.set(judgement, guard);
  }
  if (guards.size === 0) return judgements;
  return judgements.map((judgement): Judgement => {
    const guard = guards.get(judgement);
    return guard === undefined ? judgement : { kind: "ineligible", process: judgement.process, why: "guarded", guard };
  });
}

const asksKin = (judgement: Judgement): boolean => judgement.kind === "eligible" && judgement.asksKin;

function kinshipOf(judgements: readonly Judgement[], processes: readonly ProcessFacts[]): Kinship {
  const managers = new Set<Pid>();
  for (const judgement of judgements) {
    // Display managers are spared: of thousands only those who are need be asked.
    const { kind, process } = judgement;
    if (kind === "ineligible" && isDisplayManager(process)) managers.add(process.identity.pid);
  }
  return {
    parentOf: ({ parent }) => (parent === undefined ? undefined : finderOf(processes)(parent)),
    childrenOf: ({ identity: { pid } }) => processes.filter(({ parent }) => parent === pid),
    isOfDisplayManager: ({ parent }) => parent !== undefined && managers.has(parent),
  };
}
