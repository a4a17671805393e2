import type { Rule, RuleConditions } from "#engine/rule.ts";
import { anyOf, compilePattern } from "./pattern.ts";
import type { RuleRecipe } from "./recipe.ts";

/** Conditions whose value is a pattern. */
export const patternKeys = ["name", "exe", "cmdline", "cgroup"] as const satisfies readonly (keyof RuleConditions)[];

/** Compiles the patterns of a rule. @throws Error for one that cannot be used: who wrote the recipe has proven them */
export function bindRule({ verdict, origin, when }: RuleRecipe): Rule {
  const patterns = patternKeys.flatMap((key) => {
    const written = when[key];
    return written === undefined ? [] : [[key, anyOf(written.map(soundPattern))] as const];
  });
  return {
    verdict,
    origin,
    when: { ...(when.uid !== undefined && { uid: when.uid }), ...Object.fromEntries(patterns) },
  };
}

function soundPattern(written: string): Parameters<typeof anyOf>[0][number] {
  const compiled = compilePattern(written);
  if (compiled.kind === "refused") throw new Error(`Cannot use the pattern ${written}: ${compiled.found}`);
  return compiled.pattern;
}
