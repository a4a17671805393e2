import type { Pattern } from "#engine/rule.ts";
import { allClues } from "./clues.ts";
import { type CompiledExpression, compileExpression, compileWildcards } from "./expression.ts";
import { clueOf, matchSegments } from "./segments.ts";

/** A pattern, or what is wrong with it: `offset` is where in the written pattern. */
export type CompiledPattern =
  | { readonly kind: "pattern"; readonly pattern: Pattern; readonly glob: Glob | undefined }
  | { readonly kind: "refused"; readonly found: string; readonly wanted: string; readonly offset: number };

/** What can be known about the texts a glob matches, without any text. */
export interface Glob {
  /** It matches every text. */
  readonly isEverything: boolean;
  /** No text shorter than this many bytes of UTF-8 can match. */
  readonly leastBytes: number;
  /** Undefined: any character can come first. */
  readonly firstCharacter: string | undefined;
}

const longestPattern = 1024;

/**
 * Compiles a glob (`*` any characters, `?` one character, the whole text, case matters)
 * or a `/regular expression/` (RE2 syntax, anywhere in the text). Neither backtracks, whatever the text is.
 */
export function compilePattern(written: string): CompiledPattern {
  if (written === "") return refusal("it is empty", 'write "*" for any text', 0);
  if (written.length > longestPattern) {
    return refusal(`it has ${written.length} characters`, `write ${longestPattern} at most, or several patterns`, 0);
  }
  const isExpression = written.length > 1 && written.startsWith("/") && written.endsWith("/");
  return isExpression ? readExpression(written) : compileGlob(written);
}

function readExpression(written: string): CompiledPattern {
  const expression = written.slice(1, -1);
  if (expression === "") return refusal("the regular expression is empty", 'write "*" for any text', 0);
  const compiled = compileExpression(expression);
  if (compiled.kind === "refused") return refusal(compiled.found, compiled.wanted, 1 + compiled.offset);
  return { kind: "pattern", pattern: asPattern(written, compiled), glob: undefined };
}

function compileGlob(written: string): CompiledPattern {
  const characters = Array.from(written).filter((character) => character !== "*");
  return {
    kind: "pattern",
    pattern: asPattern(written, { matches: globMatcher(written), clues: allClues([clueOf(written.split(/[*?]/))]) }),
    glob: {
      isEverything: characters.length === 0,
      leastBytes: characters.reduce((total, character) => total + utf8Length(character), 0),
      firstCharacter: /^[*?]/.test(written) ? undefined : characters[0],
    },
  };
}

function globMatcher(written: string): (text: string) => boolean {
  if (written.includes("?")) return compileWildcards(written);
  const segments = written.split("*");
  return (text) => matchSegments(segments, text);
}

const asPattern = (
  source: string,
  { matches, clues }: Pick<CompiledExpression & { kind: "expression" }, "matches" | "clues">,
): Pattern => ({
  source,
  matches,
  ...(clues && { clues }),
});

function utf8Length(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  if (character === "?" || code < 0x80) return 1;
  if (code < 0x800) return 2;
  return code < 0x10000 ? 3 : 4;
}

const refusal = (found: string, wanted: string, offset: number): CompiledPattern => ({
  kind: "refused",
  found,
  wanted,
  offset,
});

/** A pattern that matches where one of several does. */
export const anyOf = (patterns: readonly Pattern[]): Pattern => {
  const [first] = patterns;
  if (first !== undefined && patterns.length === 1) return first;
  const known = patterns.every(({ clues }) => clues !== undefined);
  return {
    source: patterns.map((pattern) => pattern.source).join(" | "),
    matches: (text) => patterns.some((pattern) => pattern.matches(text)),
    ...(known && { clues: patterns.flatMap(({ clues = [] }) => clues) }),
  };
};
