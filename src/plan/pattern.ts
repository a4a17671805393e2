import type { Pattern } from "#engine/rule.ts";
import { compileExpression, compileWildcards } from "./expression.ts";
import { matchSegments } from "./segments.ts";

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
  return { kind: "pattern", pattern: asPattern(written, compiled.matches), glob: undefined };
}

function compileGlob(written: string): CompiledPattern {
  const characters = Array.from(written).filter((character) => character !== "*");
  return {
    kind: "pattern",
    pattern: asPattern(written, globMatcher(written)),
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

const asPattern = (source: string, ask: (text: string) => boolean): Pattern => ({ source, matches: remember(ask) });

const mostRemembered = 1024;
const longestRemembered = 128;

/**
 * Asks once for each text: thousands of processes share a few hundred programs, and are asked about again at every look.
 * What an attacker can make us keep is bounded; texts beyond the bounds are matched each time, which is linear still.
 */
function remember(ask: (text: string) => boolean): (text: string) => boolean {
  const known = new Map<string, boolean>();
  return (text) => {
    if (text.length > longestRemembered) return ask(text);
    const before = known.get(text);
    if (before !== undefined) return before;
    if (known.size >= mostRemembered) known.clear();
    const answer = ask(text);
    known.set(text, answer);
    return answer;
  };
}

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
  return {
    source: patterns.map((pattern) => pattern.source).join(" | "),
    matches: (text) => patterns.some((pattern) => pattern.matches(text)),
  };
};
