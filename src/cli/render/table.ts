import { cutTo, lengthOf, wrapAfter } from "./wrap.ts";

/** One column. The last one takes what is left of the line, and wraps. */
export interface Column {
  readonly title: string;
  readonly align: "left" | "right";
  /** A longer cell is cut, so that one hostile name does not take the room of all the others. Never for the last column. */
  readonly most?: number;
}

const gap = "  ";

/** Aligned columns under their titles. Cells hold no colour: it would count as text. */
export function renderTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const titles = columns.map(({ title }) => title);
  const cells = rows.map((row) => row.map((cell, at) => cutTo(cell, columns[at]?.most ?? Infinity)));
  const lines = titles.some((title) => title !== "") ? [titles, ...cells] : cells;
  const last = columns.length - 1;
  const widths = columns.map((_, at) => Math.max(0, ...lines.map((line) => lengthOf(line[at] ?? ""))));
  return lines
    .map((line) => {
      const aligned = columns.slice(0, last).map(({ align }, at) => pad(line[at] ?? "", widths[at] ?? 0, align) + gap);
      return wrapAfter(aligned.join(""), line[last] ?? "").trimEnd();
    })
    .join("\n");
}

function pad(text: string, width: number, align: Column["align"]): string {
  const blanks = " ".repeat(Math.max(0, width - lengthOf(text)));
  return align === "left" ? text + blanks : blanks + text;
}
