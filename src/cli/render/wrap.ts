/** No line of ours is longer. */
export const lineWidth = 100;

/** What terminals show two columns wide: East Asian scripts, their punctuation and full-width forms, pictures. */
const wide =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Bopomofo}\p{Script=Yi}\p{Emoji_Presentation}\u3000-\u303e\uff01-\uff60\uffe0-\uffe6]/u;
/** What stands above or below the character before it. */
const stacked = /\p{M}/u;

/** How many columns a character takes. */
function widthOf(character: string): number {
  if (stacked.test(character)) return 0;
  return wide.test(character) ? 2 : 1;
}

/** Nearly every text, every character of which takes one column: no need to look each of them up. */
const isPlain = /^[ -~]*$/;

/** How many columns a text takes. */
export const lengthOf = (text: string): number =>
  isPlain.test(text) ? text.length : Array.from(text).reduce((columns, character) => columns + widthOf(character), 0);

/** As much of a text as fits; that something is missing is shown. */
export function cutTo(text: string, width: number): string {
  return lengthOf(text) <= width ? text : `${splitAt(text, width - 1)[0]}…`;
}

/** The beginning that fits, of one character at least, and the rest. */
function splitAt(text: string, width: number): readonly [string, string] {
  const [first = "", ...rest] = Array.from(text);
  let begin = first;
  for (const character of rest) {
    if (lengthOf(begin) + widthOf(character) > width) break;
    begin += character;
  }
  return [begin, text.slice(begin.length)];
}

/** Beside a prefix that leaves less, nobody can read: the text begins below it. */
const narrowest = 20;
const belowIndent = 4;

/** A text after a prefix, on as many lines as it needs; the prefix's room stays free on the later ones. */
export function wrapAfter(prefix: string, text: string): string {
  const indent = " ".repeat(lengthOf(prefix));
  const room = lineWidth - indent.length;
  if (room < narrowest && lengthOf(text) > room)
    return [prefix.trimEnd(), wrapAfter(" ".repeat(belowIndent), text)].join("\n");
  return wrapWords(text, room)
    .map((line, at) => (at === 0 ? prefix : indent) + line)
    .join("\n");
}

function wrapWords(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(" ").flatMap((each) => breakWord(each, width))) {
    const line = lines.at(-1);
    if (line === undefined || lengthOf(line) + 1 + lengthOf(word) > width) lines.push(word);
    else lines[lines.length - 1] = `${line} ${word}`;
  }
  return lines;
}

/** A path can be longer than a line, and nothing of it may be lost. */
function breakWord(word: string, width: number): readonly string[] {
  const pieces: string[] = [];
  let rest = word;
  while (lengthOf(rest) > width) {
    const [piece, after] = splitAt(rest, width);
    pieces.push(piece);
    rest = after;
  }
  return [...pieces, rest];
}
