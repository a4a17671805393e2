/** What Unicode calls "other" (control bytes, ESC, direction marks, lone surrogates, unassigned), line separators, and our own escape character. */
const unprintable = /[\p{C}\p{Zl}\p{Zp}\\]/gu;

/** Nearly every text: it needs no look at the tables of Unicode, which cost ten times as much. */
const isPlain = /^[ -[\]-~]*$/;

/**
 * A text from outside, safe on a terminal and on one line: `a\nb` becomes `a\x0ab`.
 * Process names and command lines are their owner's to choose, ESC sequences and forged log lines included.
 */
export const escapeText = (text: string): string =>
  isPlain.test(text) ? text : text.replace(unprintable, escapeCharacter);

function escapeCharacter(character: string): string {
  if (character === "\\") return "\\\\";
  const hex = (character.codePointAt(0) ?? 0).toString(16);
  return hex.length <= 2 ? `\\x${hex.padStart(2, "0")}` : `\\u{${hex}}`;
}
