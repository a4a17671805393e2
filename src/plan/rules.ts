import type { Pattern, Rule, RuleConditions } from "#engine/rule.ts";
import { anyOf, compilePattern } from "./pattern.ts";
import type { RuleRecipe } from "./recipe.ts";

/** Conditions whose value is a pattern. */
export type PatternKey = {
  [K in keyof RuleConditions]-?: RuleConditions[K] extends Pattern | undefined ? K : never;
}[keyof RuleConditions];

const patternKeys: Readonly<Record<PatternKey, true>> = {
  name: true,
  exe: true,
  cmdline: true,
  cgroup: true,
  unit: true,
  app: true,
  container: true,
  parent: true,
};

/** Whether a key is of such a condition. */
export const isPatternKey = (key: string): key is PatternKey => Object.hasOwn(patternKeys, key);

/** Compiles the patterns of a rule. @throws Error for one that cannot be used: who wrote the recipe has proven them */
export function bindRule({ when, ...rest }: RuleRecipe): Rule {
  const conditions = Object.keys(when).map((key) => [
    key,
    isPatternKey(key) ? anyOf((when[key] ?? []).map(soundPattern)) : Reflect.get(when, key),
  ]);
  return { ...rest, when: Object.fromEntries(conditions) };
}

function soundPattern(written: string): Pattern {
  const compiled = compilePattern(written);
  if (compiled.kind === "refused") throw new Error(`Cannot use the pattern ${written}: ${compiled.found}`);
  return compiled.pattern;
}
