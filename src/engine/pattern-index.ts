import { rememberTexts } from "./remember.ts";
import type { Clue, Pattern } from "./rule.ts";

/** Which patterns match a text, by the places they were given; in no order. */
export type PatternIndex = (text: string) => readonly number[];

/** A pattern, and how it is called. */
export interface PlacedPattern {
  readonly pattern: Pattern;
  readonly place: number;
}

/**
 * Finds patterns by their clues: whole texts in a table, parts of texts by three characters of theirs, the rest one by one. What a text
 * costs grows with its length and with what it finds, and not with the number of patterns that have clues. Each text is asked about
 * once.
 */
export function indexPatterns(patterns: readonly PlacedPattern[]): PatternIndex {
  const hints = patterns.flatMap((of) => (of.pattern.clues ?? [nothingKnown]).map((clue) => ({ clue, of })));
  const collectWhole = indexTexts(hints.flatMap(({ clue, of }) => ("is" in clue ? [{ text: clue.is, of }] : [])));
  const parts = hints.flatMap(({ clue, of }) => ("has" in clue ? [{ text: clue.has, of }] : []));
  const collectParts = indexParts(parts.filter(({ text }) => text.length >= gram));
  const others = parts.flatMap(({ text, of }) => (text.length < gram ? [of] : []));
  return rememberTexts((text) => {
    const likely = new Set(others);
    collectWhole(text, likely);
    collectParts(text, likely);
    return [...likely].filter(({ pattern }) => pattern.matches(text)).map(({ place }) => place);
  });
}

/** It is in every text. */
const nothingKnown: Clue = { has: "" };

/** A text that what a pattern matches is, or has. */
interface Hint {
  readonly text: string;
  readonly of: PlacedPattern;
}

/** Adds the patterns that a text leads to. */
type Collect = (text: string, into: Set<PlacedPattern>) => void;

function indexTexts(hints: readonly Hint[]): Collect {
  const byText = new Map<string, PlacedPattern[]>();
  for (const { text, of } of hints) enter(byText, text, of);
  return (text, into) => addAll(byText.get(text), into);
}

function addAll(found: readonly PlacedPattern[] | undefined, into: Set<PlacedPattern>): void {
  if (found !== undefined) for (const each of found) into.add(each);
}

function enter<K, V>(table: Map<K, V[]>, key: K, value: V): void {
  const list = table.get(key);
  if (list === undefined) table.set(key, [value]);
  else list.push(value);
}

/** So many characters lead from a text to the parts it may have. */
const gram = 3;

/** Small numbers make small tables; where two grams have the same, the patterns themselves are compared. */
const grams = 8192;
const gramOf = (a: number, b: number, c: number): number => ((a * 31 + b) * 31 + c) & (grams - 1);

/** Collects the patterns whose rarest gram a text has: each once, so that no text makes one be asked again and again. */
function indexParts(hints: readonly Hint[]): Collect {
  const frequency = new Uint16Array(grams);
  for (const { text } of hints) for (const each of gramsOf(text)) frequency[each] = (frequency[each] ?? 0) + 1;
  const byGram = new Map<number, PlacedPattern[]>();
  for (const { text, of } of hints) enter(byGram, rarestGram(text, frequency), of);
  // Of a long text hundreds of grams are asked about, and nearly all lead nowhere.
  const leads = new Uint8Array(hints.length === 0 ? 0 : grams);
  for (const each of byGram.keys()) leads[each] = 1;
  return (text, into) => {
    if (leads.length === 0) return;
    let [a, b] = [text.charCodeAt(0), text.charCodeAt(1)];
    for (let at = gram - 1; at < text.length; at++) {
      const c = text.charCodeAt(at);
      const each = gramOf(a, b, c);
      if (leads[each] === 1) addAll(byGram.get(each), into);
      [a, b] = [b, c];
    }
  };
}

const gramsOf = (text: string): readonly number[] =>
  Array.from({ length: text.length - gram + 1 }, (_, at) =>
    gramOf(text.charCodeAt(at), text.charCodeAt(at + 1), text.charCodeAt(at + 2)),
  );

/** `/usr/bin/` is in hundreds of paths, and tells none of them apart. */
const rarestGram = (text: string, frequency: Uint16Array): number =>
  gramsOf(text).reduce((a, b) => ((frequency[b] ?? 0) < (frequency[a] ?? 0) ? b : a));
