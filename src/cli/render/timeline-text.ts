import type { MachineRow, StorySummary, TimelineRow, WaitsView } from "#daemon/views/timeline-view.ts";
import { escapeText } from "#journal/escape.ts";
import type { Style } from "./style.ts";
import { wrapAfter } from "./wrap.ts";

/** The story line by line: when, who, what. What was there from the beginning, and what tidemark says itself, is not said twice. */
export const renderTimeline = (rows: readonly TimelineRow[], style: Style): string =>
  rows
    .filter((row) => row.source === "tidemark" || isNews(row))
    .map((row) => renderRow(row, style))
    .join("\n");

const isNews = (row: MachineRow): boolean =>
  row.event === "machine.panicked" ||
  row.event === "machine.suspended" ||
  (row.by !== "tidemark" && !(row.event === "machine.started" && row.at_ms === 0));

/** When, who, what. */
export const renderLine = (at: number, who: string, what: string): string =>
  wrapAfter(`${(at / 1000).toFixed(3).padStart(9)} s  ${who.padEnd(9)} `, what);

function renderRow(row: TimelineRow, style: Style): string {
  if (row.source === "machine") return style.faint(renderLine(row.at_ms, row.source, machineSentence(row)));
  const text = renderLine(row.at_ms, row.source, row.message);
  return row.level === "warn" || row.level === "error" ? style.warning(text) : text;
}

function machineSentence(row: MachineRow): string {
  if (row.event === "machine.suspended") return `the machine sleeps for ${(row.for_ms / 1000).toFixed(0)} s`;
  if (row.event === "machine.panicked") return "the kernel panics: nothing can be reclaimed, and nobody may be killed";
  const who = `${row.pid} (${escapeText(row.comm)})`;
  switch (row.event) {
    case "machine.started":
      return `${who} starts`;
    case "machine.signalled":
      return `${row.by} signals ${who}`;
    case "machine.kernel-oom-kill":
      return `the kernel's own OOM killer takes ${who}: tidemark came too late`;
    case "machine.reaped":
      return `${row.by} takes the memory of ${who} back`;
    case "machine.exited":
      return `${who} is gone`;
  }
}

/** How it ended: who was killed by whom, and how long those were kept waiting who sat before it. */
export const renderSummary = (summary: StorySummary, style: Style): string =>
  [...summary.interactive.map((waits) => renderWaits(waits, style)), renderKills(summary, style)].join("\n");

function renderWaits(
  { comm, wakes, longest_ms, longest_at_ms, p99_ms, over_100_ms, over_1000_ms }: WaitsView,
  style: Style,
) {
  const who = `${escapeText(comm)} woke ${wakes} times`;
  if (longest_at_ms === undefined) return `${who} and was never kept waiting`;
  const counts = `${over_100_ms} over 100 ms, ${over_1000_ms} over 1 s`;
  const at = `${(longest_at_ms / 1000).toFixed(1)} s`;
  const text = `${who}: ${counts}, 99 % within ${p99_ms} ms, the longest ${longest_ms} ms at ${at}`;
  return over_1000_ms > 0 ? style.bad(text) : text;
}

function renderKills(summary: StorySummary, style: Style): string {
  const { lasted_ms, looks, kernel_kills, panicked } = summary;
  const numbers = `${sayKilled(summary)} in ${(lasted_ms / 1000).toFixed(1)} s and ${looks} looks`;
  if (panicked) return style.bad(`The kernel panicked; ${numbers}`);
  if (kernel_kills > 0) return style.bad(`The kernel had to kill ${kernel_kills} itself; ${numbers}`);
  return style.good(`The kernel never had to kill; ${numbers}`);
}

/** A kill that takes a family is one kill of many processes. */
function sayKilled({ kills, victims }: StorySummary): string {
  const processes = victims === 1 ? "1 process was killed" : `${victims} processes were killed`;
  if (victims === kills) return processes;
  return kills === 1 ? `${processes} with 1 kill` : `${processes} with ${kills} kills`;
}
