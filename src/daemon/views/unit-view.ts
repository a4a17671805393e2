import type { DyingGroup } from "#domain/decision.ts";
import { type CgroupPath, type KiB, type Pid, sum } from "#domain/units.ts";
import type { Eligible, Judgement } from "#engine/appraise.ts";
import { findWantedUnit } from "#engine/kill-unit.ts";
import type { Plan } from "#engine/plan.ts";

/** Who dies together with a process because settings or a rule ask for it. */
export interface UnitView {
  readonly kill_unit: DyingGroup["kind"];
  /** How many die, itself among them. */
  readonly processes: number;
  /** What all of them give back. */
  readonly returns_kib: KiB;
  /** The cgroup that holds all of them and nobody else. Absent: there is none. */
  readonly memcg?: CgroupPath;
  /** The others, a hundred at most. */
  readonly others: readonly { readonly pid: Pid; readonly comm: string }[];
}

const most = 100;

/** What a kill of somebody takes along, as far as that is written. Undefined: nobody, or only what proves to be to blame with it. */
export function viewUnit(own: Eligible, judgements: readonly Judgement[], plan: Plan): UnitView | undefined {
  const unit = findWantedUnit(own, judgements, plan);
  if (unit === undefined) return undefined;
  const { others, group } = unit;
  return {
    kill_unit: group.kind,
    processes: 1 + others.length,
    returns_kib: sum([own.candidate, ...others].map(({ returns }) => returns)),
    ...(group.whole !== undefined && { memcg: group.whole }),
    others: others.slice(0, most).map(({ identity: { pid }, comm }) => ({ pid, comm })),
  };
}
