import type { RankerName } from "#domain/branch.ts";
import type { Milliseconds } from "#domain/units.ts";
import type { KillManner } from "#engine/kill-manner.ts";
import type { AlarmPlan, BranchPlan, Plan } from "#engine/plan.ts";
import type { Pattern, RuleConditions, RuleVerdict } from "#engine/rule.ts";
import type { Amount } from "./amount.ts";
import type { HeadroomMarks } from "./watermarks.ts";

/** Something of a catalogue, by its name, with the values of its options. */
export interface Chosen {
  readonly name: string;
  readonly options: Readonly<Record<string, unknown>>;
}

/** The patterns of a condition as they were written: one of them is enough. */
type Written = readonly string[];

/** A rule with its patterns as they were written. */
export interface RuleRecipe {
  readonly verdict: RuleVerdict;
  readonly origin: string;
  readonly manner?: KillManner;
  readonly when: {
    readonly [K in keyof RuleConditions]: RuleConditions[K] extends Pattern | undefined ? Written : RuleConditions[K];
  };
}

/** When a memcg is in trouble; sizes that nobody gave follow its limit. */
export interface MemcgRecipe {
  readonly path: string;
  readonly marks: HeadroomMarks;
  readonly detectors: readonly Chosen[];
  readonly alarms: readonly AlarmPlan[];
  /** What is left of that where it has no limit: what was asked for in so many words. */
  readonly unlimited: Pick<MemcgRecipe, "detectors" | "alarms">;
  readonly limits: MemcgLimitMarks;
  readonly byBranch?: BranchRecipe;
}

/** How one of the cgroups inside is chosen. */
export interface BranchRecipe extends Omit<BranchPlan, "ranker"> {
  readonly by: RankerName;
}

/** Limits of a memcg's own, as somebody wrote them. Those that nobody wrote are absent. */
export interface MemcgLimitMarks {
  readonly swap?: Amount;
  readonly size?: Amount;
  /** How long either has to be exceeded. */
  readonly holdFor: Milliseconds;
  readonly growth?: Amount;
  readonly growthWindow: Milliseconds;
}

/** A plan as plain data: one process makes it of the settings, and hands it to another that runs on it. */
export interface PlanRecipe extends Omit<Plan, "detectors" | "policy" | "rules" | "memcgs"> {
  readonly detectors: readonly Chosen[];
  readonly policy: Chosen;
  readonly rules: readonly RuleRecipe[];
  readonly memcgs: readonly MemcgRecipe[];
}
