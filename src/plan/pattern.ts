import { RE2JS, RE2JSSyntaxException } from "re2js";
import type { Pattern } from "#engine/rule.ts";

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
 * or a `/regular expression/` (RE2 syntax, anywhere in the text).
 *
 * Both become an RE2 automaton, whose time is linear in the text whatever the text is:
 * processes choose their names and arguments, and a pattern that backtracks would let them stop us.
 */
export function compilePattern(written: string): CompiledPattern {
  if (written === "") return refusal("it is empty", 'write "*" for any text', 0);
  if (written.length > longestPattern) {
    return refusal(`it has ${written.length} characters`, `write ${longestPattern} at most, or several patterns`, 0);
  }
  const isExpression = written.length > 1 && written.startsWith("/") && written.endsWith("/");
  return isExpression ? compileExpression(written) : compileGlob(written);
}

function compileExpression(written: string): CompiledPattern {
  const expression = written.slice(1, -1);
  if (expression === "") return refusal("the regular expression is empty", 'write "*" for any text', 0);
  try {
    return { kind: "pattern", pattern: asPattern(written, RE2JS.compile(expression)), glob: undefined };
  } catch (error) {
    if (!(error instanceof RE2JSSyntaxException)) throw error;
    return refuseExpression(expression, error);
  }
}

function refuseExpression(expression: string, error: { error: string; input?: string | null }): CompiledPattern {
  const fragment = error.input ?? "";
  const isWhole = fragment === "" || fragment === expression;
  const found = `${error.error}${isWhole ? "" : ` "${fragment}"`} in the regular expression`;
  const isLookaround = /\(\?<?[=!]/.test(expression);
  const wanted = isLookaround
    ? "write RE2 syntax, which has no lookaround: it could not keep to linear time"
    : "write RE2 syntax, or a glob without the slashes";
  return refusal(found, wanted, 1 + (isWhole ? 0 : Math.max(0, expression.indexOf(fragment))));
}

function compileGlob(written: string): CompiledPattern {
  const body = Array.from(written, (character) => {
    if (character === "*") return ".*";
    return character === "?" ? "." : RE2JS.quote(character);
  }).join("");
  const characters = Array.from(written).filter((character) => character !== "*");
  return {
    kind: "pattern",
    pattern: asPattern(written, RE2JS.compile(`\\A${body}\\z`, RE2JS.DOTALL)),
    glob: {
      isEverything: characters.length === 0,
      leastBytes: characters.reduce((total, character) => total + utf8Length(character), 0),
      firstCharacter: /^[*?]/.test(written) ? undefined : characters[0],
    },
  };
}

const asPattern = (source: string, automaton: RE2JS): Pattern => ({
  source,
  matches: remember((text) => automaton.test(text)),
});

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
