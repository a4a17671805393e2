import { createRequire } from "node:module";
import { rememberTexts } from "#engine/remember.ts";
import type { Clue } from "#engine/rule.ts";
import { readPlainExpression } from "./plain-expression.ts";
import { requiredText } from "./required-text.ts";

type Engine = typeof import("re2js");

/** What matches, or what is wrong with it: `offset` is where in the expression. */
export type CompiledExpression =
  | {
      readonly kind: "expression";
      readonly matches: (text: string) => boolean;
      /** Undefined: any text may match. */
      readonly clues: readonly Clue[] | undefined;
    }
  | { readonly kind: "refused"; readonly found: string; readonly wanted: string; readonly offset: number };

/**
 * Compiles an RE2 expression. It becomes an automaton, whose time is linear in the text whatever the text is: processes choose their names
 * and arguments, and a pattern that backtracks would let them stop us. Where it only lists paths, comparisons do.
 */
export function compileExpression(expression: string): CompiledExpression {
  const plain = readPlainExpression(expression);
  if (plain !== undefined) return { kind: "expression", ...plain };
  const { RE2JS, RE2JSSyntaxException } = loadEngine();
  try {
    const automaton = RE2JS.compile(expression);
    const required = requiredText(expression);
    const clues = required === undefined ? undefined : [{ has: required }];
    return { kind: "expression", matches: ask(automaton), clues };
  } catch (error) {
    if (!(error instanceof RE2JSSyntaxException)) throw error;
    return refuseExpression(expression, error);
  }
}

/** A glob with `?`, which is one character of one or two UTF-16 units. */
export function compileWildcards(glob: string): (text: string) => boolean {
  const { RE2JS } = loadEngine();
  const body = Array.from(glob, (character) => {
    if (character === "*") return ".*";
    return character === "?" ? "." : RE2JS.quote(character);
  }).join("");
  const automaton = RE2JS.compile(`\\A${body}\\z`, RE2JS.DOTALL);
  return ask(automaton);
}

/** An automaton takes microseconds, and would be asked about the same few hundred programs again and again. */
const ask = (automaton: { test(text: string): boolean }): ((text: string) => boolean) =>
  rememberTexts((text: string) => automaton.test(text));

/** Loaded when a pattern needs it: 1.2 MiB of heap, 4 MiB resident while it is read, 25 ms of CPU. */
const loadEngine = (): Engine => createRequire(import.meta.url)("re2js");

function refuseExpression(
  expression: string,
  error: { error: string; input?: string | null },
): Extract<CompiledExpression, { kind: "refused" }> {
  const fragment = error.input ?? "";
  const isWhole = fragment === "" || fragment === expression;
  const found = `${error.error}${isWhole ? "" : ` "${fragment}"`} in the regular expression`;
  const isLookaround = /\(\?<?[=!]/.test(expression);
  const wanted = isLookaround
    ? "write RE2 syntax, which has no lookaround: it could not keep to linear time"
    : "write RE2 syntax, or a glob without the slashes";
  return { kind: "refused", found, wanted, offset: isWhole ? 0 : Math.max(0, expression.indexOf(fragment)) };
}
