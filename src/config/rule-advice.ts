import type { RuleVerdict } from "#engine/rule.ts";
import type { Glob } from "#plan/pattern.ts";
import type { PatternKey } from "#plan/rules.ts";
import { type Problem, problem, warning } from "./problem.ts";
import { excerpt } from "./settle.ts";
import { describePlace, type Place } from "./source-text.ts";
import type { WrittenRule } from "./written-rule.ts";

/** The kernel keeps 15 bytes of a task name and a NUL. @see include/linux/sched.h: TASK_COMM_LEN */
const longestName = 15;

interface WrittenGlob {
  readonly key: PatternKey;
  readonly written: string;
  readonly glob: Glob;
  readonly place: Place;
}

/** A warning about a glob that can never match: such a rule protects nobody, and its author learns it too late. */
export function adviseOnGlob({ key, written, glob, place }: WrittenGlob): Problem | undefined {
  const matchless = `Cannot match any process by ${key} = ${excerpt(place)}`;
  const isName = key === "name" || key === "parent";
  if (isName && glob.leastBytes > longestName) {
    const shorter = /[*?]/.test(written) ? "write a shorter pattern" : `write "${cutName(written)}"`;
    return warning(
      place,
      `${matchless}: the kernel keeps ${longestName} bytes of a name; ${shorter}${key === "name" ? ", or use exe" : ""}`,
    );
  }
  if (key === "unit" && !/(?:[*?]|\.service|\.scope)$/.test(written)) {
    return warning(place, `${matchless}: a unit has an ending; write "${written}.service" or "${written}.*"`);
  }
  const isPath = key === "exe" || key === "cgroup";
  if (isPath && glob.firstCharacter !== undefined && glob.firstCharacter !== "/") {
    return warning(place, `${matchless}: it is a whole path and begins with "/"; write "*/${written}"`);
  }
  return undefined;
}

/** As the kernel cuts it, but for a character that would be cut in half. */
function cutName(name: string): string {
  const characters = Array.from(name);
  while (new TextEncoder().encode(characters.join("")).length > longestName) characters.pop();
  return characters.join("");
}

interface Reach {
  readonly place: Place;
  readonly verdict: RuleVerdict;
  /** One list for each condition. */
  readonly globs: readonly (readonly (Glob | undefined)[])[];
}

/** What to say of a rule that speaks of every process there is. */
export function adviseOnReach({ place, verdict, globs }: Reach): Problem | undefined {
  const isEverybody = globs.length > 0 && globs.every((each) => each.some((glob) => glob?.isEverything));
  if (!isEverybody || verdict === "neutral") return undefined;
  return verdict === "never"
    ? problem(place, "Cannot use a never rule that matches every process: nobody could be killed; narrow it")
    : warning(place, `Cannot decide anything by this ${verdict} rule: it matches every process; narrow it`);
}

/** Warnings about rules that have the same conditions: the later one repeats or contradicts the earlier. */
export function adviseOnPairs(rules: readonly WrittenRule[]): readonly Problem[] {
  const firsts = new Map<string, WrittenRule>();
  return rules.flatMap((later) => {
    const key = conditionsKey(later);
    const earlier = firsts.get(key);
    if (earlier === undefined) firsts.set(key, later);
    const advice = earlier && adviseOnPair(earlier, later);
    return advice === undefined ? [] : [warning(later.place, advice)];
  });
}

const conditionsKey = ({ recipe, memory }: WrittenRule): string =>
  JSON.stringify([Object.entries(recipe.when).toSorted(([a], [b]) => (a < b ? -1 : 1)), memory]);

function adviseOnPair(earlier: WrittenRule, later: WrittenRule): string | undefined {
  const [one, two] = [earlier.rule.verdict, later.rule.verdict];
  if (one !== "never" && two !== "never" && later.rule.manner !== undefined) return undefined;
  const where = `the ${one} rule at ${describePlace(earlier.place)} has the same conditions`;
  if (one === two) return `Cannot add anything by this ${two} rule: ${where}; remove one of them`;
  if (one === "never" || two === "never") {
    return `Cannot follow both rules: ${where}, and never wins; remove one of them`;
  }
  const leanings: readonly RuleVerdict[] = ["prefer", "avoid"];
  const [first] = [one, two].filter((each) => each === "first");
  if (first !== undefined && [one, two].some((each) => leanings.includes(each))) {
    return `Cannot follow both rules: ${where}, and first wins; remove one of them`;
  }
  const cancel = leanings.includes(one) && leanings.includes(two);
  return cancel ? `Cannot follow both rules: ${where}, and they cancel each other; remove one of them` : undefined;
}
