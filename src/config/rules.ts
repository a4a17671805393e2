import type { RuleVerdict } from "#engine/rule.ts";
import { type Document, placeOfKey, placeOfValue, type Table } from "./document.ts";
import type { TomlPath } from "./locate.ts";
import { listWords, nearestWord } from "./nearest.ts";
import { type Problem, problem } from "./problem.ts";
import { adviseOnReach } from "./rule-advice.ts";
import { type ConditionReading, type ReadCondition, readCondition, type Users } from "./rule-conditions.ts";
import { isMannerKey, readManner } from "./rule-manner.ts";
import { ruleKeys, ruleVerdicts } from "./schema.ts";
import { excerpt, ruleListKey } from "./settle.ts";
import { describePlace } from "./source-text.ts";
import { type Reading, readTableList } from "./table-list.ts";
import type { WrittenRule } from "./written-rule.ts";

/** The rules of all documents, in their order: those of a later document do not replace those of an earlier one. */
export function readRules(
  documents: readonly Document[],
  users: Users,
): {
  readonly rules: readonly WrittenRule[];
  readonly problems: readonly Problem[];
} {
  const problems: Problem[] = [];
  const rules = documents.flatMap((document) =>
    readTableList({ document, problems }, ruleListKey, (reading, path, table) =>
      readRule({ ...reading, users }, path, table),
    ),
  );
  return { rules, problems };
}

function readRule(reading: ConditionReading, path: TomlPath, table: Table): WrittenRule {
  const place = placeOfKey(reading.document, path);
  const verdict = readVerdict(reading, path, table);
  const manner = readManner(reading, { path, table, verdict });
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
  const memory = conditions.get("memory")?.memory;
  const common = { verdict, origin, ...(manner && { manner }) };
  return {
    place,
    rule: { ...common, when: Object.assign({}, ...read.map(({ when }) => when)) },
    recipe: { ...common, when: Object.assign({}, ...read.map(({ recipe }) => recipe)) },
    ...(memory && { memory }),
  };
}

const isCondition = (key: string): boolean => key !== "verdict" && key !== "note" && !isMannerKey(key);

const conditionKeys = Object.keys(ruleKeys).filter(isCondition);

function readNote({ document, problems }: Reading, path: TomlPath, written: unknown): string | undefined {
  if (written === undefined || (typeof written === "string" && written.trim() !== "")) return written;
  const place = placeOfValue(document, [...path, "note"]);
  problems.push(problem(place, `Cannot use the note ${excerpt(place)}: it says nothing; write a few words in quotes`));
  return undefined;
}

/** A rule that says how a victim goes need not say who is one. */
function readVerdict({ document, problems }: Reading, path: TomlPath, table: Table): RuleVerdict {
  const written = table["verdict"];
  const isHowOnly = written === undefined && Object.keys(table).some(isMannerKey);
  const verdict = isHowOnly ? "neutral" : ruleVerdicts.find((each) => each === written);
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

const describeConditions = (conditions: ReadonlyMap<string, ReadCondition>): string =>
  Array.from(conditions, ([key, { written }]) => `${key} = ${written}`).join(", ");
