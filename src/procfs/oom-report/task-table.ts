import type { OomTask } from "#domain/oom-report.ts";
import type { OomScoreAdj } from "#domain/units.ts";
import type { LogRecord, RecordKind, TableLayout } from "./finding.ts";
import { known, readNumber, wordsOf } from "./words.ts";

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

/** Every column that some release has: others are read over. */
const columns = new Set(layouts.flatMap((layout) => layout.split(" ")));

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
    const task = layout === undefined ? undefined : taskOf(record, layout);
    return task === undefined ? undefined : { kind: "row", task };
  },
};

function layoutOf(text: string): TableLayout | undefined {
  const words = wordsOf(text.slice(text.indexOf("]") + 1));
  const between = words.slice(firstColumns.length, -1);
  const isKnown = layouts.includes(between.filter((column) => columns.has(column)).join(" "));
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
  const [, pid = "", rest = ""] = /^\[ {0,8}(\d{1,8})\] (.*)$/.exec(text) ?? [];
  const values = new Map<string, number>([["pid", Number(pid)]]);
  let left = rest.trimStart();
  for (const column of layout) {
    const end = left.search(/[ \t]/);
    const value = end < 0 ? undefined : readNumber(left.slice(0, end));
    if (value === undefined) return undefined;
    values.set(column, value);
    left = left.slice(end).trimStart();
  }
  const name = left.trimEnd();
  return name === "" || name.length > longestName ? undefined : rowTask(values, name);
}

function rowTask(values: ReadonlyMap<string, number>, name: string): OomTask | undefined {
  const column = (key: string): number | undefined => values.get(key);
  const [pid, tgid, uid] = [column("pid"), column("tgid"), column("uid")];
  const [totalVmPages, rssPages, adj] = [column("total_vm"), column("rss"), column("oom_score_adj")];
  if (pid === undefined || tgid === undefined || uid === undefined) return undefined;
  if (totalVmPages === undefined || rssPages === undefined) return undefined;
  if (adj !== undefined && Math.abs(adj) > 1000) return undefined;
  const rest = known({
    rssAnonPages: column("rss_anon"),
    rssFilePages: column("rss_file"),
    rssShmemPages: column("rss_shmem"),
    pgtablesBytes: column("pgtables_bytes"),
    ptePages: column("nr_ptes"),
    pmdPages: column("nr_pmds"),
    swapentsPages: column("swapents"),
    oomScoreAdj: adj as OomScoreAdj | undefined,
    oomAdj: column("oom_adj"),
  });
  return { pid, tgid, uid, totalVmPages, rssPages, ...rest, name };
}
