import type { Config } from "#config/schema.ts";
import type { Plan } from "#engine/plan.ts";
import type { Rule } from "#engine/rule.ts";
import { bindPlan } from "#plan/bind-plan.ts";
import type { PlanRecipe } from "#plan/recipe.ts";
import type { MachineFacts } from "#plan/watermarks.ts";

/** All of the settings that a daemon lives by, as plain data: it has no code that could read them. */
export interface SettingsInForce {
  readonly recipe: PlanRecipe;
  readonly facts: MachineFacts;
  /** The files that were read, in order. */
  readonly files: readonly string[];
  /** What may be wrong with them: each with its place, on one line. */
  readonly advice: readonly string[];
  readonly journal: Config["journal"];
  readonly protection: Config["protection"];
}

/** Settings with the plan that was made of them. */
export interface BoundSettings extends SettingsInForce {
  readonly plan: Plan;
}

/** Makes the plan of settings. */
export async function bindSettings(settings: SettingsInForce): Promise<BoundSettings> {
  return { ...settings, plan: bindPlan(settings.recipe, await bindRules(settings.recipe)) };
}

/** What patterns are made with is loaded when somebody wrote a rule. */
async function bindRules({ rules }: PlanRecipe): Promise<readonly Rule[]> {
  if (rules.length === 0) return [];
  const { bindRule } = await import("#plan/rules.ts");
  return rules.map(bindRule);
}
