import type { Pattern, RuleConditions } from "#engine/rule.ts";
import { anyOf, compilePattern, type Glob } from "#plan/pattern.ts";
import type { RuleRecipe } from "#plan/recipe.ts";
import type { PatternKey } from "#plan/rules.ts";
import { placeOfValue } from "./document.ts";
import type { TomlPath } from "./locate.ts";
import { problem } from "./problem.ts";
import { adviseOnGlob } from "./rule-advice.ts";
import { excerpt } from "./settle.ts";
import { type Place, textAt } from "./source-text.ts";
import type { Reading } from "./table-list.ts";
import { describeWritten } from "./value-type.ts";

/** A condition that is a pattern, or several of which one has to match. */
export interface ReadPatterns {
  readonly when: RuleConditions;
  readonly recipe: RuleRecipe["when"];
  readonly written: string;
  /** Undefined for what is no glob. */
  readonly globs: readonly (Glob | undefined)[];
}

interface AtPattern {
  readonly key: PatternKey;
  readonly path: TomlPath;
}

/** Reads patterns; undefined: none of them can be used, and the problems say why. */
export function readPatterns(reading: Reading, { key, path }: AtPattern, written: unknown): ReadPatterns | undefined {
  const list = Array.isArray(written) ? written : [written];
  const place = placeOfValue(reading.document, path);
  if (list.length === 0) {
    reading.problems.push(problem(place, `Cannot use the condition ${key} = []: it lists nothing; write one pattern`));
  }
  const read = list.map((each, index) =>
    readPattern(reading, { key, path: Array.isArray(written) ? [...path, String(index)] : path }, each),
  );
  const sound = read.filter((each) => each !== undefined);
  if (sound.length === 0) return undefined;
  const when = { [key]: anyOf(sound.map((each) => each.pattern)) };
  const recipe = { [key]: sound.map(({ pattern }) => pattern.source) };
  return { when, recipe, written: excerpt(place), globs: sound.map((each) => each.glob) };
}

type ReadPattern = { readonly pattern: Pattern; readonly glob: Glob | undefined } | undefined;

function readPattern({ document, problems }: Reading, { key, path }: AtPattern, written: unknown): ReadPattern {
  const place = placeOfValue(document, path);
  if (typeof written !== "string") {
    const found = `${describeWritten(written)} is not a pattern`;
    problems.push(
      problem(place, `Cannot use the condition ${key} = ${excerpt(place)}: ${found}; write a text in quotes`),
    );
    return undefined;
  }
  const compiled = compilePattern(written);
  if (compiled.kind === "refused") {
    const message = `Cannot use the condition ${key} = ${excerpt(place)}: ${compiled.found}; ${compiled.wanted}`;
    problems.push(problem(placeInside(place, compiled.offset), message));
    return undefined;
  }
  const advice = compiled.glob && adviseOnGlob({ key, written, glob: compiled.glob, place });
  if (advice !== undefined) problems.push(advice);
  return compiled;
}

/** The character of a text that an offset speaks of; the whole text where escapes make the two differ. */
function placeInside(place: Place, offset: number): Place {
  const written = textAt(place);
  const isPlain = /^(["'])(?!\1\1)/.test(written) && !(written.startsWith('"') && written.includes("\\"));
  const start = place.span.start + 1 + offset;
  return isPlain && offset > 0 ? { source: place.source, span: { start, end: start + 1 } } : place;
}
