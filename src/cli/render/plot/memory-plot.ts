import type { Style } from "#cli/render/style.ts";
import { headroomScale, type ScaleRow } from "#daemon/views/headroom-scale.ts";
import { type PlottedAct, type PlotView, plotColumns } from "#daemon/views/plot-view.ts";
import { dotsAcross, dotsDown, emptyDots } from "./dots.ts";
import { renderTicks, timeTicks } from "./time-axis.ts";

/** How a plot is drawn. */
export interface PlotScreen {
  readonly style: Style;
  /** In characters. */
  readonly width: number;
  readonly isUnicode: boolean;
}

/** Room for "high 1023.4 MiB" and a blank. */
const gutter = 16;

/** Headroom against the watermarks, stall, and what was done to processes, over time. */
export function renderMemoryPlot(view: PlotView, screen: PlotScreen): string {
  if (view.headroom_kib.length === 0) return "Nothing to draw: no look told of memory";
  const width = screen.width - gutter;
  const acts = actsByColumn(view, width);
  return [
    ...headroomRows(view, { ...screen, width }),
    stallRow(view, { ...screen, width }),
    ...(acts.size === 0 ? [] : [actRow(acts, { ...screen, width })]),
    (" ".repeat(gutter) + renderTicks(timeTicks(view.lasted_ms, width), width)).trimEnd(),
    ...(acts.size === 0 ? [] : [legend(view.acts, width)]),
  ].join("\n");
}

const labelled = (label: string, row: string): string => `${label.padStart(gutter - 1)} ${row}`.trimEnd();

function headroomRows(view: PlotView, { style, width, isUnicode }: PlotScreen): readonly string[] {
  const scale = headroomScale(view);
  const dots = emptyDots({ width, height: scale.rows.length, isUnicode });
  for (const [column, { headroom }] of plotColumns(view, width * dotsAcross).entries()) {
    const [least, most] = headroom?.map((each) => Math.floor(scale.rowOf(each) * dotsDown)) ?? [];
    if (least !== undefined && most !== undefined) dots.line(column, most, least);
  }
  return scale.rows.map((row, at) => {
    const cells = Array.from({ length: width }, (_, column) => dots.at(column, at));
    return labelled(row.label, renderCells(cells, row, { style, isUnicode }));
  });
}

/** A watermark runs behind the curve. */
function renderCells(
  cells: readonly (string | undefined)[],
  { mark }: ScaleRow,
  { style, isUnicode }: Pick<PlotScreen, "style" | "isUnicode">,
): string {
  const line = isUnicode ? "┈" : "-";
  const text = cells.map((cell) => cell ?? (mark === undefined ? " " : line)).join("");
  if (mark === undefined) return text.replace(/\S+/g, style.strong);
  const lineStyle = { high: style.faint, low: style.warning, min: style.bad }[mark];
  return text.replace(/[┈-]+|[^┈-]+/g, (run) => (run.startsWith(line) ? lineStyle(run) : style.strong(run)));
}

const levels = { unicode: " ▁▂▃▄▅▆▇█", ascii: " .:-=+*#@" } as const;

/** Of each moment, the share of time in which every task stalled: the whole height is all of it. */
function stallRow(view: PlotView, { style, width, isUnicode }: PlotScreen): string {
  if (view.stalled_ms.length < 2) return labelled("stall", style.faint("not recorded"));
  const shares = plotColumns(view, width).map(({ stalled = 0 }) => stalled);
  const ramp = isUnicode ? levels.unicode : levels.ascii;
  const text = shares.map((each) => ramp[levelOf(each, ramp.length - 1)]).join("");
  return labelled(`stall ${Math.round(Math.max(...shares))} %`, text.replace(/\S+/g, style.warning));
}

const whole = 100;

/** Less than a hundredth is nothing. */
const levelOf = (percent: number, most: number): number =>
  percent < 1 ? 0 : Math.max(1, Math.round((percent * most) / whole));

/** The letter of an act, from the one that is shown before all others. */
const letters: readonly (readonly [PlottedAct, string, string])[] = [
  ["kernel-kill", "O", "killed by the kernel itself"],
  ["then-only", "x", "signalled then, and not now"],
  ["kill", "K", "SIGKILL"],
  ["term", "T", "SIGTERM"],
  ["would-kill", "k", "would be SIGKILL"],
  ["would-term", "t", "would be SIGTERM"],
];

/** What is shown in a column: of several acts the gravest. */
function actsByColumn({ acts, lasted_ms }: PlotView, width: number): ReadonlyMap<number, PlottedAct> {
  const columns = new Map<number, PlottedAct>();
  const gravity = (act: PlottedAct): number => letters.findIndex(([each]) => each === act);
  for (const { at_ms, act } of acts) {
    const column = Math.min(width - 1, Math.floor((at_ms * width) / Math.max(1, lasted_ms)));
    const shown = columns.get(column);
    if (shown === undefined || gravity(act) < gravity(shown)) columns.set(column, act);
  }
  return columns;
}

function actRow(acts: ReadonlyMap<number, PlottedAct>, { style, width }: PlotScreen): string {
  const letterAt = (column: number): string => letters.find(([act]) => act === acts.get(column))?.[1] ?? " ";
  const text = Array.from({ length: width }, (_, column) => letterAt(column)).join("");
  return labelled("kills", text.replace(/\S+/g, style.bad));
}

/** What the letters mean that there are. */
function legend(acts: PlotView["acts"], width: number): string {
  const lines: string[] = [];
  for (const [act, letter, meaning] of letters) {
    if (!acts.some((each) => each.act === act)) continue;
    const [last = "", entry] = [lines.at(-1), `${letter} ${meaning}`];
    if (last !== "" && last.length + 3 + entry.length <= width) lines[lines.length - 1] = `${last}   ${entry}`;
    else lines.push(entry);
  }
  return lines.map((line) => " ".repeat(gutter) + line).join("\n");
}
