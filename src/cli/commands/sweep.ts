import type { Call } from "#cli/command.ts";
import type { ExitCode } from "#cli/exit-codes.ts";
import { isBad, renderSweep, renderSweepSummary } from "#cli/render/sweep-text.ts";
import { wrapAfter } from "#cli/render/wrap.ts";
import { configChoice } from "#cli/usage/config-options.ts";
import type { simulateUsage } from "#cli/usage/simulate.ts";
import { sweepScenario } from "#daemon/scenario/sweep.ts";
import { readSweep } from "#daemon/scenario/sweep-axes.ts";
import { type SweepRow, viewSweepRow } from "#daemon/views/sweep-view.ts";
import { escapeText } from "#journal/escape.ts";

/** Plays a scenario under every combination of settings; the answer is "no" when one of them ended badly. */
export async function sweepSettings({
  operand = "",
  given,
  output,
}: Call<typeof simulateUsage.options>): Promise<ExitCode> {
  const sweep = readSweep(given.sweep);
  if (sweep.kind === "refused") {
    output.complain(sweep.text);
    return "usage";
  }
  const rows: SweepRow[] = [];
  let title = "";
  const refusal = await sweepScenario(operand, configChoice(given), {
    combinations: sweep.combinations,
    tell: (story) => {
      const row = viewSweepRow(story);
      ({ title } = story.played);
      if (output.isJson) output.record("tidemark.simulate.sweep/1", row);
      rows.push(row);
    },
  });
  if (refusal !== undefined) {
    output.complain(refusal.text.trimEnd());
    return "config";
  }
  if (!output.isJson) {
    output.print(`${output.style.strong(wrapAfter("", escapeText(title)))}\n`);
    output.print(`${renderSweep(rows)}\n`);
    output.print(renderSweepSummary(rows, output.style));
  }
  return rows.some(isBad) ? "no" : "done";
}
