/** A text that settings were read from, and what to call it. */
export interface SourceText {
  /** A path, `preset desktop`, or `--set`. */
  readonly path: string;
  readonly text: string;
}

/** A stretch of characters, as offsets into a text. */
export interface Span {
  readonly start: number;
  /** The offset after the last character. */
  readonly end: number;
}

/** Where something is written. */
export interface Place {
  readonly source: SourceText;
  readonly span: Span;
}

/** What stands at a place, word for word. */
export const textAt = ({ source, span }: Place): string => source.text.slice(span.start, span.end);

/** Line and column as editors count them: from 1, in characters. */
export function lineAndColumn({ source, span }: Place): { readonly line: number; readonly column: number } {
  const before = source.text.slice(0, span.start);
  const lineStart = before.lastIndexOf("\n") + 1;
  return { line: before.split("\n").length, column: Array.from(before.slice(lineStart)).length + 1 };
}

/** The offset of a line and column that count UTF-16 units, as the TOML parser does. */
export function offsetOf(text: string, line: number, column: number): number {
  const lines = text.split("\n").slice(0, line - 1);
  const lineStart = lines.reduce((offset, each) => offset + each.length + 1, 0);
  return Math.min(text.length, lineStart + column - 1);
}

/** `/etc/tidemark/tidemark.toml:12`, or the source alone when it has one line only. */
export const describePlace = (place: Place): string =>
  place.source.path === overridePath ? overridePath : `${place.source.path}:${lineAndColumn(place).line}`;

/** The path of texts that came from the command line. */
export const overridePath = "--set";
