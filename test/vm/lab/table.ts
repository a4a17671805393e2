import { median } from "#test/support/bench/median.ts";
import type { LabFigures } from "./figures.ts";
import { type Cell, runsOf } from "./ledger.ts";

/** How many of them say what, the most frequent first: `hog ×2, nobody`. */
function tally(words: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  const sorted = [...counts].sort(([, a], [, b]) => b - a);
  return sorted.map(([word, times]) => (times === 1 ? word : `${word} ×${times}`)).join(", ");
}

/** Whom a run ended: `hog`, `hog ×12 (kernel)`, `nobody`. */
function endedIn({ victims, kernel_victims }: LabFigures): string {
  const parts = [tally(victims), kernel_victims.length === 0 ? "" : `${tally(kernel_victims)} (kernel)`];
  return parts.filter(Boolean).join(" + ") || "nobody";
}

const span = (ms: number | undefined): string =>
  ms === undefined ? "" : ms < 1000 ? `${ms.toFixed(0)} ms` : `${(ms / 1000).toFixed(1)} s`;
const size = (kib: number | undefined): string => (kib === undefined ? "" : `${(kib / 1024).toFixed(1)} MiB`);
const count = (number: number | undefined): string => (number === undefined ? "" : String(number));

const head = [
  "guard",
  "runs",
  "right",
  "ended",
  "collateral",
  "kernel",
  "stall",
  "stalled",
  "resident",
  "faults",
  "CPU",
];

function rowOf(guard: string, runs: readonly LabFigures[]): readonly string[] {
  const middle = (figure: (run: LabFigures) => number | undefined): number | undefined => {
    const measured = runs.map(figure).filter((value) => value !== undefined);
    return measured.length === 0 ? undefined : median(measured);
  };
  return [
    guard,
    String(runs.length),
    String(runs.filter((run) => run.is_right).length),
    [...new Set(runs.map(endedIn))].join(" / "),
    count(middle((run) => run.collateral)),
    String(runs.filter((run) => run.kernel_victims.length > 0).length),
    span(middle((run) => run.longest_stall_ms)),
    span(middle((run) => run.stalled_ms)),
    size(middle((run) => run.guard_resident_kib)),
    count(middle((run) => run.guard_major_faults)),
    span(middle((run) => run.guard_cpu_ms)),
  ];
}

/**
 * A table for each story: medians of the longest stall, of all stalls together and of what the guard itself took; in how many
 * runs it ended as it had to, and in how many the kernel had to kill.
 */
export function renderLab(ledger: readonly LabFigures[], cells: readonly Cell[]): string {
  const stories = [...new Set(cells.map(({ story }) => story))];
  const tables = stories.flatMap((story) => {
    const rows = cells
      .filter((cell) => cell.story === story)
      .map((cell) => ({ cell, runs: runsOf(cell, ledger) }))
      .filter(({ runs }) => runs.length > 0)
      .map(({ cell, runs }) => rowOf(cell.guard, runs));
    return rows.length === 0 ? [] : [`### ${story}\n\n${renderTable(rows)}`];
  });
  return tables.join("\n\n");
}

function renderTable(rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}
