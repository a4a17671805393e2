import type { Rule, RuleConditions } from "#engine/rule.ts";
import type { RuleRecipe } from "#plan/recipe.ts";
import type { Place } from "./source-text.ts";

/** A rule, and where it is written. */
export interface WrittenRule {
  readonly rule: Rule;
  /** The same as plain data. */
  readonly recipe: RuleRecipe;
  readonly place: Place;
}

/** Conditions whose value is a pattern. */
export type PatternKey = Exclude<keyof RuleConditions, "uid">;
