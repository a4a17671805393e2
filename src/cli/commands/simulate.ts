import type { Call } from "#cli/command.ts";
import type { ExitCode } from "#cli/exit-codes.ts";
import { renderSummary, renderTimeline } from "#cli/render/timeline-text.ts";
import { wrapAfter } from "#cli/render/wrap.ts";
import { configChoice } from "#cli/usage/config-options.ts";
import type { simulateUsage } from "#cli/usage/simulate.ts";
import { playScenario } from "#daemon/scenario/play-scenario.ts";
import { plotStory, summarizeStory, viewTimeline } from "#daemon/views/timeline-view.ts";
import { escapeText } from "#journal/escape.ts";
import { printPlot } from "./print-plot.ts";
import { sweepSettings } from "./sweep.ts";

/** Plays a scenario once, or with other settings again and again. */
export const simulateScenario = (call: Call<typeof simulateUsage.options>): Promise<ExitCode> =>
  call.given.sweep.length > 0 ? sweepSettings(call) : playOnce(call);

/** The answer is "no" when the kernel had to kill by itself. */
async function playOnce({ operand = "", given, output }: Call<typeof simulateUsage.options>): Promise<ExitCode> {
  const played = await playScenario(operand, configChoice(given));
  if (played.kind === "refused") {
    output.complain(played.text.trimEnd());
    return "config";
  }
  const rows = viewTimeline(played.story);
  const summary = summarizeStory(played.story);
  if (output.isJson) {
    for (const row of rows) output.record("tidemark.simulate.event/1", row);
    output.record("tidemark.simulate/1", { title: played.title, ...summary });
  } else {
    output.print(`${output.style.strong(wrapAfter("", escapeText(played.title)))}\n`);
    output.print(renderTimeline(rows, output.style));
    printPlot(plotStory(played), given, output);
    output.print(`\n${renderSummary(summary, output.style)}`);
  }
  return summary.kernel_kills > 0 || summary.panicked ? "no" : "done";
}
