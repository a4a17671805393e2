import type { Given } from "#cli/command.ts";
import type { Output } from "#cli/output.ts";
import { renderMemoryPlot } from "#cli/render/plot/memory-plot.ts";
import type { plotOptions } from "#cli/usage/plot-options.ts";
import type { PlotView } from "#daemon/views/plot-view.ts";

/** Draws a plot for people, unless they want none. */
export function printPlot(view: PlotView, given: Given<typeof plotOptions>, { print, style, screen }: Output): void {
  if (given["no-plot"]) return;
  const isUnicode = screen.isUnicode && !given["no-unicode"];
  print(`\n${renderMemoryPlot(view, { style, width: screen.width, isUnicode })}`);
}
