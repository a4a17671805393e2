import type { Problem } from "./problem.ts";
import { fillLines } from "./sentence.ts";
import { lineAndColumn, type Place } from "./source-text.ts";

/** How much of a line is shown behind what is marked. */
const context = 8;

/** No line is longer, as everywhere else on a terminal. */
const columns = 100;

/**
 * Shows problems the way compilers do: where, what, and the line with a mark under it.
 *
 *     /etc/tidemark/tidemark.toml:3:7: error: Cannot set headroom.low to 512: a bare number says no unit;
 *       write "512MiB" or "512%"
 *       3 | low = 512
 *         |       ^~~
 */
export const renderProblems = (problems: readonly Problem[]): string => problems.map(renderProblem).join("\n");

function renderProblem({ severity, message, place }: Problem): string {
  const { line, column } = lineAndColumn(place);
  const head = `${place.source.path}:${line}:${column}: ${severity}: ${escapeControls(message)}`;
  return [...wrapWords(head), ...quoteLine(place, line), ""].join("\n");
}

/** The second and later lines are indented. A word that is longer than a line is cut. */
const wrapWords = (text: string): readonly string[] =>
  fillLines(text, columns - 2).map((line, index) => cutTo(index === 0 ? line : `  ${line}`, columns));

/** The line of a place and a mark below it, moved to the left as far as needed to show the mark. */
function quoteLine({ source, span }: Place, line: number): readonly string[] {
  const lineStart = source.text.lastIndexOf("\n", span.start - 1) + 1;
  const lineEnd = endOfLine(source.text, span.start);
  const before = Array.from(source.text.slice(lineStart, span.start));
  const marked = Array.from(source.text.slice(span.start, Math.min(span.end, lineEnd)));
  const after = Array.from(source.text.slice(span.start + marked.join("").length, lineEnd));
  const margin = `  ${line} | `;
  const blankMargin = `${" ".repeat(margin.length - 2)}| `;
  const room = columns - margin.length;
  const shownBefore = keepEnd(before, room - Math.min(marked.length + context, room / 2));
  const markWidth = Math.max(1, Math.min(marked.length, room - shownBefore.length));
  const quoted = cutTo(shownBefore + [...marked, ...after].join(""), room);
  return [
    `${margin}${escapeControls(quoted)}`.trimEnd(),
    `${blankMargin}${" ".repeat(lengthOf(shownBefore))}^${"~".repeat(markWidth - 1)}`,
  ];
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf("\n", from);
  const isCarriage = end > 0 && text[end - 1] === "\r";
  return end === -1 ? text.length : end - (isCarriage && end > from ? 1 : 0);
}

const lengthOf = (text: string): number => Array.from(text).length;

const cutTo = (text: string, width: number): string => {
  const characters = Array.from(text);
  return characters.length <= width ? text : `${characters.slice(0, width - 1).join("")}…`;
};

function keepEnd(characters: readonly string[], width: number): string {
  const kept = Math.floor(width);
  if (characters.length <= kept) return characters.join("");
  return `…${characters.slice(characters.length - kept + 1).join("")}`;
}

/** Each control or invisible character as one visible one, so that a text can neither hide nor move the mark. */
const escapeControls = (text: string): string => text.replace(/\t/g, " ").replace(/[\p{Cc}\p{Cf}]/gu, "\u{FFFD}");
