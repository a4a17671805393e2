/** No line of ours is longer. */
export const lineWidth = 100;

/** How many columns a text takes, near enough: characters, not code units. */
export const lengthOf = (text: string): number => Array.from(text).length;

/** A text after a prefix, on as many lines as it needs; the prefix's room stays free on the later ones. */
export function wrapAfter(prefix: string, text: string): string {
  const indent = " ".repeat(lengthOf(prefix));
  return wrapWords(text, lineWidth - indent.length)
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
  const characters = Array.from(word);
  const pieces = Math.max(1, Math.ceil(characters.length / width));
  return Array.from({ length: pieces }, (_, at) => characters.slice(at * width, (at + 1) * width).join(""));
}
