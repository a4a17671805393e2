import { type Quantity, uid } from "#domain/units.ts";
import { justOne, type RuleConditions, type Span } from "#engine/rule.ts";
import type { Glob } from "#plan/pattern.ts";
import type { RuleRecipe } from "#plan/recipe.ts";
import { isPatternKey } from "#plan/rules.ts";
import { type Comparison, isEmpty, spansOf } from "./comparison.ts";
import { placeOfKey, placeOfValue } from "./document.ts";
import type { TomlPath } from "./locate.ts";
import { listWords, nearestWord } from "./nearest.ts";
import { problem, warning } from "./problem.ts";
import { readPatterns } from "./rule-patterns.ts";
import { conditionTypes, type MemoryComparison, userNames } from "./rule-values.ts";
import { ruleKeys } from "./schema.ts";
import { excerpt } from "./settle.ts";
import type { Reading } from "./table-list.ts";
import type { ValueType } from "./value-type.ts";

/** A condition with what is known of its globs; a condition that no text escapes has only `isEverything` ones. */
export interface ReadCondition {
  readonly when: RuleConditions;
  readonly recipe: RuleRecipe["when"];
  /** Sizes of it wait for a machine. */
  readonly memory?: readonly MemoryComparison[];
  readonly written: string;
  readonly globs: readonly (Glob | undefined)[];
}

/** The users of this machine whom settings name, by name; one that is not in it does not exist. */
export type Users = Readonly<Record<string, number>>;

/** Reads conditions while users are known. */
export interface ConditionReading extends Reading {
  readonly users: Users;
}

/** A key, and where it stands. */
export interface At {
  readonly key: string;
  readonly path: TomlPath;
}

/** Reads one condition; undefined: it makes no sense, and the problems say why. */
export function readCondition(reading: ConditionReading, at: At, written: unknown): ReadCondition | undefined {
  const { key, path } = at;
  if (isPatternKey(key)) return readPatterns(reading, { key, path }, written);
  if (isSpanKey(key)) return readSpans(reading, { key, path }, written);
  if (key === "memory") return readMemory(reading, at, written);
  if (key === "user") return readUsers(reading, at, written);
  reading.problems.push(problem(placeOfKey(reading.document, path), describeUnknown(key)));
  return undefined;
}

function describeUnknown(key: string): string {
  const nearest = nearestWord(key, Object.keys(ruleKeys));
  const wanted = nearest === undefined ? `a rule has ${listWords(Object.keys(ruleKeys))}` : `write ${nearest}`;
  return `Cannot use the condition "${key}": there is no such condition; ${wanted}`;
}

/** Conditions that compare numbers, and what they are called by the engine. */
const spanNames = { uid: "uid", age: "age", oom_score_adj: "oomScoreAdj" } as const;
type SpanKey = keyof typeof spanNames;
const isSpanKey = (key: string): key is SpanKey => Object.hasOwn(spanNames, key);

function readSpans(reading: ConditionReading, at: AtKey<SpanKey>, written: unknown): ReadCondition | undefined {
  const type: ValueType<readonly Comparison<Quantity<string>>[]> = conditionTypes[at.key];
  const comparisons = readValue(reading, at, { type, written });
  const spans = comparisons && spansOf(comparisons, (of) => of);
  if (spans === undefined || isReversed(reading, at, spans)) return undefined;
  const when = { [spanNames[at.key]]: spans };
  return { when, recipe: when, written: writtenAt(reading, at), globs: [undefined] };
}

/** What comes back is compared with sizes that are known when a machine is; shares have an order already. */
function readMemory(reading: ConditionReading, at: At, written: unknown): ReadCondition | undefined {
  const memory = readValue(reading, at, { type: conditionTypes.memory, written });
  if (memory === undefined) return undefined;
  const spans = spansOf(
    memory.filter(isOfOneKind),
    (of): Quantity<string> => (of.kind === "size" ? of.size : of.share),
  );
  if (isReversed(reading, at, spans)) return undefined;
  return { when: {}, recipe: {}, memory, written: writtenAt(reading, at), globs: [undefined] };
}

const isOfOneKind = ({ from, to }: MemoryComparison): boolean => from?.of.kind === to?.of.kind;

function isReversed({ document, problems }: Reading, { key, path }: At, spans: readonly Span<number>[]): boolean {
  const isAny = spans.some(isEmpty);
  const place = placeOfValue(document, path);
  if (isAny) {
    problems.push(
      problem(
        place,
        `Cannot use the condition ${key} = ${excerpt(place)}: nothing lies in that; write the lower end first`,
      ),
    );
  }
  return isAny;
}

/** A user that does not exist has no processes, so that the rule can stay; but its author meant somebody. */
function readUsers(reading: ConditionReading, at: At, written: unknown): ReadCondition | undefined {
  const names = readValue(reading, at, { type: userNames, written });
  if (names === undefined) return undefined;
  const place = placeOfValue(reading.document, at.path);
  const found = names.flatMap((name) => uidOf(reading.users, name) ?? []);
  const missing = names.filter((name) => uidOf(reading.users, name) === undefined);
  if (missing.length > 0) {
    const who = listWords(missing);
    const wanted = "write a name that is in /etc/passwd, or the number with uid";
    reading.problems.push(
      warning(place, `Cannot match any process by user = ${excerpt(place)}: there is no user ${who} here; ${wanted}`),
    );
  }
  const when = { user: found.map(uid).flatMap(justOne) };
  return { when, recipe: when, written: excerpt(place), globs: [undefined] };
}

const uidOf = (users: Users, name: string): number | undefined =>
  Object.hasOwn(users, name) ? users[name] : undefined;

interface AtKey<K extends string> extends At {
  readonly key: K;
}

interface Written<T> {
  readonly type: ValueType<T>;
  readonly written: unknown;
}

function readValue<T>(
  { document, problems }: Reading,
  { key, path }: At,
  { type, written }: Written<T>,
): T | undefined {
  const read = type.read(written);
  if (read.kind === "value") return read.value;
  const place = placeOfValue(document, path);
  problems.push(problem(place, `Cannot use the condition ${key} = ${excerpt(place)}: ${read.found}; ${read.wanted}`));
  return undefined;
}

const writtenAt = ({ document }: Reading, { path }: At): string => excerpt(placeOfValue(document, path));
