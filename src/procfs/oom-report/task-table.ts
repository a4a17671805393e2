import type { OomTask } from "#domain/oom-report.ts";
import type { LogRecord, RecordKind, TableLayout } from "./finding.ts";
import { wordsOf } from "./words.ts";

const longestName = 15;
const firstColumns = ["uid", "tgid", "total_vm", "rss"];

/** What stands between `rss` and `name`, by release. */
const layouts: readonly string[] = [
  "cpu oom_adj",
  "cpu oom_adj oom_score_adj",
  "nr_ptes swapents oom_score_adj",
  "nr_ptes nr_pmds swapents oom_score_adj",
  "pgtables_bytes swapents oom_score_adj",
  "rss_anon rss_file rss_shmem pgtables_bytes swapents oom_score_adj",
];

/** Where a column goes; undefined for the number of a CPU, which says nothing. */
const fields = new Map<string, Exclude<keyof OomTask, "name" | "pid"> | undefined>([
  ["uid", "uid"],
  ["tgid", "tgid"],
  ["total_vm", "totalVmPages"],
  ["rss", "rssPages"],
  ["rss_anon", "rssAnonPages"],
  ["rss_file", "rssFilePages"],
  ["rss_shmem", "rssShmemPages"],
  ["pgtables_bytes", "pgtablesBytes"],
  ["nr_ptes", "ptePages"],
  ["nr_pmds", "pmdPages"],
  ["swapents", "swapentsPages"],
  ["oom_score_adj", "oomScoreAdj"],
  ["oom_adj", "oomAdj"],
  ["cpu", undefined],
]);

/** `[  pid  ]   uid  tgid total_vm      rss … name`: the columns of this release. */
export const tableHeading: RecordKind = {
  stage: "table",
  begins: (text) => /^\[ {1,4}pid {1,4}\] {1,8}uid/.test(text),
  goesOn: (text) => !/\bname$/.test(text),
  read: ({ spaced, tight }) => {
    const layout = layoutOf(spaced) ?? layoutOf(tight);
    return layout === undefined ? undefined : { kind: "table", layout };
  },
};

/** One task of the table. Its name is what is left of the line, blanks, brackets and all. */
export const tableRow: RecordKind = {
  stage: "row",
  begins: (text) => /^\[ {0,8}\d{1,8}\] {1,8}-?\d/.test(text),
  goesOn: (text, _next, layout) => layout !== undefined && parseRow(text, layout) === undefined,
  read: (record, layout) => {
    // A name has no end but that of the line.
    const task = layout === undefined || record.isCut ? undefined : taskOf(record, layout);
    return task === undefined ? undefined : { kind: "row", task };
  },
};

function layoutOf(text: string): TableLayout | undefined {
  const words = wordsOf(text.slice(text.indexOf("]") + 1));
  const between = words.slice(firstColumns.length, -1);
  const isKnown = layouts.includes(between.filter((column) => fields.has(column)).join(" "));
  const isFramed = firstColumns.every((column, i) => words[i] === column) && words.at(-1) === "name";
  return isKnown && isFramed ? [...firstColumns, ...between] : undefined;
}

/**
 * Mail wraps between words, terminals anywhere: with a blank put in between, a number that was cut in two is one column too
 * many, and begins the name. Where both readings are possible, the shorter name is the task's.
 */
function taskOf({ spaced, tight }: LogRecord, layout: TableLayout): OomTask | undefined {
  const asMail = parseRow(spaced, layout);
  const asTerminal = spaced === tight ? undefined : parseRow(tight, layout);
  if (asMail === undefined || asTerminal === undefined) return asMail ?? asTerminal;
  return /^\d+ /.test(asMail.name) ? asTerminal : asMail;
}

function parseRow(text: string, layout: TableLayout): OomTask | undefined {
  const cursor = { text, at: text.indexOf("[") + 1 };
  const pid = takeNumber(cursor);
  if (pid === undefined || text.charCodeAt(cursor.at++) !== closingBracket) return undefined;
  // Every column is given its number below, whatever the layout: only that makes it a task.
  const task = { pid } as { -readonly [K in keyof OomTask]: number };
  for (const column of layout) {
    const field = fields.get(column);
    const value = takeNumber(cursor);
    if (value === undefined || (field === "oomScoreAdj" && Math.abs(value) > 1000)) return undefined;
    if (field !== undefined) task[field] = value;
  }
  if (!isBlank(text.charCodeAt(cursor.at))) return undefined;
  const name = text.slice(cursor.at).trim();
  return name === "" || name.length > longestName ? undefined : ({ ...task, name } as OomTask);
}

const closingBracket = 0x5d;

/** Blanks, then a number. By hand: a log may have millions of these, and they are to leave no garbage behind. */
function takeNumber(cursor: { readonly text: string; at: number }): number | undefined {
  const { text } = cursor;
  while (isBlank(text.charCodeAt(cursor.at))) cursor.at++;
  const isNegative = text.charCodeAt(cursor.at) === 0x2d;
  const start = isNegative ? cursor.at + 1 : cursor.at;
  let value = 0;
  for (cursor.at = start; isDigit(text.charCodeAt(cursor.at)); cursor.at++) {
    value = value * 10 + text.charCodeAt(cursor.at) - 0x30;
  }
  const hasZeroBefore = cursor.at - start > 1 && text.charCodeAt(start) === 0x30;
  if (cursor.at === start || hasZeroBefore || !Number.isSafeInteger(value)) return undefined;
  if (isNegative) return value > 0 ? -value : undefined;
  return value;
}

const isBlank = (code: number): boolean => code === 0x20 || code === 0x09;

const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39;
