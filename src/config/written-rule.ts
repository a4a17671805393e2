import type { Rule } from "#engine/rule.ts";
import { resolveGiven } from "#plan/amount.ts";
import type { RuleRecipe } from "#plan/recipe.ts";
import type { MachineFacts } from "#plan/watermarks.ts";
import { spansOf } from "./comparison.ts";
import type { MemoryComparison } from "./rule-values.ts";
import type { Place } from "./source-text.ts";

/** A rule, and where it is written. */
export interface WrittenRule {
  readonly rule: Rule;
  /** The same as plain data. */
  readonly recipe: RuleRecipe;
  /** What neither of them has yet: shares wait for a machine. Absent: it does not ask. */
  readonly memory?: readonly MemoryComparison[];
  readonly place: Place;
}

/** A rule on one machine. */
export function resolveRule(
  { rule, recipe, memory: written }: WrittenRule,
  { userMemory }: Pick<MachineFacts, "userMemory">,
): Pick<WrittenRule, "rule" | "recipe"> {
  if (written === undefined) return { rule, recipe };
  const memory = spansOf(written, (amount) => resolveGiven(amount, userMemory));
  return {
    rule: { ...rule, when: { ...rule.when, memory } },
    recipe: { ...recipe, when: { ...recipe.when, memory } },
  };
}
