import { type Uid, uid } from "#domain/units.ts";
import type { Pattern, RuleConditions, RuleVerdict } from "#engine/rule.ts";
import { anyOf, compilePattern, type Glob } from "#plan/pattern.ts";
import type { RuleRecipe } from "#plan/recipe.ts";
import { type Document, placeOfKey, placeOfValue, type Table } from "./document.ts";
import type { TomlPath } from "./locate.ts";
import { listWords, nearestWord } from "./nearest.ts";
import { type Problem, problem } from "./problem.ts";
import { adviseOnGlob, adviseOnReach } from "./rule-advice.ts";
import { ruleKeys, ruleVerdicts } from "./schema.ts";
import { excerpt, ruleListKey } from "./settle.ts";
import { describePlace, type Place, textAt } from "./source-text.ts";
import { type Reading, readTableList } from "./table-list.ts";
import { describeWritten } from "./value-type.ts";
import type { PatternKey, WrittenRule } from "./written-rule.ts";

/** The rules of all documents, in their order: those of a later document do not replace those of an earlier one. */
export function readRules(documents: readonly Document[]): {
  readonly rules: readonly WrittenRule[];
  readonly problems: readonly Problem[];
} {
  const problems: Problem[] = [];
  const rules = documents.flatMap((document) => readTableList({ document, problems }, ruleListKey, readRule));
  return { rules, problems };
}

function readRule(reading: Reading, path: TomlPath, table: Table): WrittenRule {
  const place = placeOfKey(reading.document, path);
  const verdict = readVerdict(reading, path, table["verdict"]);
  const conditions = new Map<string, ReadCondition>();
  const note = readNote(reading, path, table["note"]);
  for (const [key, written] of Object.entries(table).filter(([each]) => isCondition(each))) {
    const condition = readCondition(reading, { key, path: [...path, key] }, written);
    if (condition !== undefined) conditions.set(key, condition);
  }
  if (!Object.keys(table).some(isCondition)) {
    const message = `Cannot use a rule without a condition: it speaks of nobody; add ${listWords(conditionKeys)} as needed`;
    reading.problems.push(problem(place, message));
  }
  const reach = adviseOnReach({ place, verdict, globs: [...conditions.values()].map((each) => each.globs) });
  if (reach !== undefined) reading.problems.push(reach);
  const origin = `${describePlace(place)}: ${verdict} ${note ?? describeConditions(conditions)}`;
  const read = [...conditions.values()];
  return {
    place,
    rule: { verdict, origin, when: Object.assign({}, ...read.map(({ when }) => when)) },
    recipe: { verdict, origin, when: Object.assign({}, ...read.map(({ recipe }) => recipe)) },
  };
}

const isCondition = (key: string): boolean => key !== "verdict" && key !== "note";

const conditionKeys = Object.keys(ruleKeys).filter(isCondition);

function readNote({ document, problems }: Reading, path: TomlPath, written: unknown): string | undefined {
  if (written === undefined || (typeof written === "string" && written.trim() !== "")) return written;
  const place = placeOfValue(document, [...path, "note"]);
  problems.push(problem(place, `Cannot use the note ${excerpt(place)}: it says nothing; write a few words in quotes`));
  return undefined;
}

function readVerdict({ document, problems }: Reading, path: TomlPath, written: unknown): RuleVerdict {
  const verdict = ruleVerdicts.find((each) => each === written);
  if (verdict !== undefined) return verdict;
  const known = listWords(ruleVerdicts);
  if (written === undefined) {
    problems.push(problem(placeOfKey(document, path), `Cannot use a rule without a verdict: write one of ${known}`));
  } else {
    const place = placeOfValue(document, [...path, "verdict"]);
    const nearest = typeof written === "string" ? nearestWord(written, ruleVerdicts) : undefined;
    const wanted = nearest === undefined ? `write one of ${known}` : `write "${nearest}"`;
    problems.push(problem(place, `Cannot use the verdict ${excerpt(place)}: there is no such verdict; ${wanted}`));
  }
  return "avoid";
}

/** A condition with what is known of its globs; a condition that no text escapes has only `isEverything` ones. */
interface ReadCondition {
  readonly when: RuleConditions;
  readonly recipe: RuleRecipe["when"];
  readonly written: string;
  readonly globs: readonly (Glob | undefined)[];
}

interface At {
  readonly key: string;
  readonly path: TomlPath;
}

function readCondition(reading: Reading, { key, path }: At, written: unknown): ReadCondition | undefined {
  const place = placeOfValue(reading.document, path);
  switch (key) {
    case "uid": {
      const user = readUid(written);
      if (user !== undefined)
        return { when: { uid: user }, recipe: { uid: user }, written: String(user), globs: [undefined] };
      reading.problems.push(problem(place, describeUid(place, written)));
      return undefined;
    }
    case "name":
    case "exe":
    case "cmdline":
    case "cgroup":
      return readPatterns(reading, { key, path }, written);
    default:
      reading.problems.push(problem(placeOfKey(reading.document, path), describeUnknown(key)));
      return undefined;
  }
}

const readUid = (written: unknown): Uid | undefined =>
  typeof written === "number" && Number.isSafeInteger(written) && written >= 0 ? uid(written) : undefined;

function describeUid(place: Place, written: unknown): string {
  const isName = typeof written === "string" && !/^\d+$/.test(written);
  const found = isName ? "names of users are not looked up" : "it is not the number of a user";
  const wanted = isName ? `write the number that "id -u ${written}" prints` : "write a whole number without quotes";
  return `Cannot use the condition uid = ${excerpt(place)}: ${found}; ${wanted}`;
}

function describeUnknown(key: string): string {
  const nearest = nearestWord(key, Object.keys(ruleKeys));
  const wanted = nearest === undefined ? `a rule has ${listWords(Object.keys(ruleKeys))}` : `write ${nearest}`;
  return `Cannot use the condition "${key}": there is no such condition; ${wanted}`;
}

interface AtPattern extends At {
  readonly key: PatternKey;
}

function readPatterns(reading: Reading, { key, path }: AtPattern, written: unknown): ReadCondition | undefined {
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

const describeConditions = (conditions: ReadonlyMap<string, ReadCondition>): string =>
  Array.from(conditions, ([key, { written }]) => `${key} = ${written}`).join(", ");
