import { defineCommand } from "#cli/command.ts";
import { renderSummary, renderTimeline } from "#cli/render/timeline-text.ts";
import { wrapAfter } from "#cli/render/wrap.ts";
import { playScenario } from "#daemon/scenario/play-scenario.ts";
import { summarizeStory, viewTimeline } from "#daemon/views/timeline-view.ts";
import { escapeText } from "#journal/escape.ts";
import { configChoice, configOptions } from "./config-options.ts";

/** A scenario, played on the simulated machine with the very loop and engine of the daemon. */
export const simulate = defineCommand({
  command: "simulate",
  summary: "Play a scenario on a simulated machine, and show every decision",
  examples: [
    ["tidemark simulate leak.toml", "what would happen; exit status 1 if the kernel had to kill by itself"],
    ["tidemark simulate leak.toml --set headroom.low=1GiB", "the same story under other settings"],
    ["tidemark simulate leak.toml --json", "every event as one JSON object per line"],
  ],
  operand: { name: "FILE", isRequired: true, summary: "the scenario, in TOML" },
  options: configOptions,
  run: async ({ operand = "", given, output }) => {
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
      output.print(`\n${renderSummary(summary, output.style)}`);
    }
    return summary.kernel_kills > 0 || summary.panicked ? "no" : "done";
  },
});
