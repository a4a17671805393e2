import { kib, milliseconds } from "#domain/units.ts";
import { describeSize } from "#journal/amounts.ts";
import type { Table } from "#test/support/bench/bench.ts";
import { median } from "#test/support/bench/median.ts";
import type { Figures } from "./figures.ts";
import { middleRecovery, showRecovery, showSpan } from "./median.ts";
import type { LabRun, LabStory } from "./runs.ts";

type Column = readonly [title: string, cell: (runs: readonly Figures[]) => string];

/** The median of what was measured; nothing where nothing was. */
function middle(figures: readonly (number | undefined)[], show: (number: number) => string): string {
  const measured = figures.filter((figure) => figure !== undefined);
  return measured.length === 0 ? "" : show(median(measured));
}

const columns: readonly Column[] = [
  ["right", (runs) => `${runs.filter(({ isRight }) => isRight).length}/${runs.length}`],
  ["ended", (runs) => [...new Set(runs.map(endedIn))].join(" / ")],
  [
    "collateral",
    (runs) =>
      middle(
        runs.map(({ collateral }) => collateral),
        String,
      ),
  ],
  ["kernel", (runs) => `${runs.filter(({ byKernel }) => byKernel.length > 0).length}/${runs.length}`],
  [
    "stall",
    (runs) =>
      middle(
        runs.map(({ longestStall }) => longestStall),
        showMilliseconds,
      ),
  ],
  [
    "stalled",
    (runs) =>
      middle(
        runs.map(({ stalled }) => stalled),
        showMilliseconds,
      ),
  ],
  ["recovery", (runs) => showMiddleRecovery(runs)],
  [
    "resident",
    (runs) =>
      middle(
        runs.map(({ guard }) => guard?.resident),
        (size) => describeSize(kib(size)),
      ),
  ],
  [
    "faults",
    (runs) =>
      middle(
        runs.map(({ guard }) => guard?.majorFaults),
        String,
      ),
  ],
  [
    "CPU",
    (runs) =>
      middle(
        runs.map(({ guard }) => guard?.cpu),
        showMilliseconds,
      ),
  ],
];

/** All figures of a story: a row for each guard, medians of its runs. */
export const detailsOf = ({ story, runs }: LabStory): Table => ({
  title: story.file.title,
  columns: ["guard", ...columns.map(([title]) => title)],
  rows: [...runs].map(([guard, played]) => [guard, ...columns.map(([, cell]) => cell(figuresIn(played)))]),
});

const figuresIn = (runs: readonly LabRun[]): readonly Figures[] => runs.map(({ figures }) => figures);

const showMilliseconds = (span: number): string => showSpan(milliseconds(span));

function showMiddleRecovery(runs: readonly Figures[]): string {
  const recovery = middleRecovery(runs.map((run) => run.recovery));
  return recovery === undefined ? "" : showRecovery(recovery);
}

/** Whom a run ended: `hog`, `hog ×12 (kernel)`, `nobody`. */
function endedIn({ victims, byKernel }: Figures): string {
  const parts = [tally(victims), byKernel.length === 0 ? "" : `${tally(byKernel)} (kernel)`];
  return parts.filter(Boolean).join(" + ") || "nobody";
}

/** How many of them say what, the most frequent first: `hog ×2, nobody`. */
function tally(words: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  const sorted = [...counts].sort(([, a], [, b]) => b - a);
  return sorted.map(([word, times]) => (times === 1 ? word : `${word} ×${times}`)).join(", ");
}
