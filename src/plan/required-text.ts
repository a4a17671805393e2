/** What changes the meaning of other characters, and texts that look like one thing and are another: nothing is known then. */
const changesMeaning = /\(\?|\\[QExpP0-9]/;

/**
 * The longest text that is in every text which an RE2 expression matches, as far as that can be seen without an engine. Of a thousand
 * expressions only those are asked about a text that it has the text of. Undefined: none was seen.
 */
export function requiredText(expression: string): string | undefined {
  if (changesMeaning.test(expression)) return undefined;
  const runs = [""];
  for (let rest = expression; rest !== ""; ) {
    const { length, literal, isOptional } = readToken(rest);
    if (length === 0) return undefined;
    rest = rest.slice(length);
    if (isOptional) runs.push("");
    else if (literal === undefined) runs.push("");
    else runs.push(`${runs.pop()}${literal}`);
  }
  const longest = runs.reduce((a, b) => (b.length > a.length ? b : a));
  return longest === "" ? undefined : longest;
}

interface Token {
  /** 0: what follows is one of several things. */
  readonly length: number;
  /** Undefined: any of some characters, or a place between them. */
  readonly literal: string | undefined;
  /** It may be absent. */
  readonly isOptional: boolean;
}

function readToken(rest: string): Token {
  const atom = readAtom(rest);
  const [repeated = ""] = /^(?:[*?]|\{[^}]*\})[?+]?/.exec(rest.slice(atom.length)) ?? [];
  const [repeatedOnce = ""] = repeated === "" ? (/^\+[?+]?/.exec(rest.slice(atom.length)) ?? []) : [];
  const length = atom.length === 0 ? 0 : atom.length + repeated.length + repeatedOnce.length;
  // Of "ab+c" neither "ab" nor "bc" is in "abbc" for certain where b is a group: a run ends at whatever is repeated.
  return { length, literal: repeatedOnce === "" ? atom.literal : undefined, isOptional: repeated !== "" };
}

function readAtom(rest: string): Omit<Token, "isOptional"> {
  if (rest.startsWith("|")) return { length: 0, literal: undefined };
  if (rest.startsWith("(")) return { length: groupLength(rest), literal: undefined };
  if (rest.startsWith("[")) return { length: classLength(rest), literal: undefined };
  const [written = "", escaped, plain] = /^(?:\\(.)|([^\\.^$*+?{}()[\]]))/su.exec(rest) ?? [];
  if (escaped !== undefined) return { length: written.length, literal: /[A-Za-z]/.test(escaped) ? undefined : escaped };
  return plain === undefined ? { length: 1, literal: undefined } : { length: written.length, literal: plain };
}

/** A bracket that comes first belongs to the class, and so do the names of classes in it. */
const characterClass = /\[\^?\]?(?:\[:\^?\w+:\]|\\.|[^\]\\])*\]/;

/** What is in a group: an escape, a class, or a character. */
const groupTokens = new RegExp(`\\\\.|${characterClass.source}|.`, "gs");

/** 0: it does not end. */
function groupLength(rest: string): number {
  let depth = 0;
  for (const { 0: token, index } of rest.matchAll(groupTokens)) {
    if (token === "(") depth += 1;
    if (token === ")") depth -= 1;
    if (depth === 0) return index + 1;
  }
  return 0;
}

/** 0: it does not end. */
const classLength = (rest: string): number => new RegExp(`^${characterClass.source}`, "s").exec(rest)?.[0].length ?? 0;
