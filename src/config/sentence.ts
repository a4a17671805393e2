/** A phrase of the schema as a sentence: with a capital and a full stop. */
export function asSentence(phrase: string): string {
  const capital = phrase.charAt(0).toUpperCase() + phrase.slice(1);
  return capital.endsWith(".") ? capital : `${capital}.`;
}

/** Lines of whole words, not longer than a width unless a word is. */
export function fillLines(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + 1 + word.length <= width) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines;
}
