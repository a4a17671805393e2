import type { Call } from "#cli/command.ts";
import type { ExitCode } from "#cli/exit-codes.ts";
import type { Output } from "#cli/output.ts";
import { renderReplay, renderReplaySummary } from "#cli/render/replay-text.ts";
import { wrapAfter } from "#cli/render/wrap.ts";
import { configChoice } from "#cli/usage/config-options.ts";
import type { replayUsage } from "#cli/usage/replay.ts";
import type { Replay } from "#daemon/recording/replay.ts";
import { replayFile } from "#daemon/recording/replay-file.ts";
import { plotReplay, type ReplaySummary, summarizeReplay, viewReplay } from "#daemon/views/replay-view.ts";
import { encodeJson } from "#journal/encode-json.ts";
import { escapeText } from "#journal/escape.ts";
import { printPlot } from "./print-plot.ts";

/** Replays a recording; the answer is "no" when something else is decided. */
export async function replayRecording({
  operand = "",
  given,
  output,
}: Call<typeof replayUsage.options>): Promise<ExitCode> {
  const replayed = await replayFile(operand, configChoice(given));
  if (replayed.kind === "refused") {
    output.complain(replayed.text.trimEnd());
    return "config";
  }
  const { replay } = replayed;
  const summary = summarizeReplay(replay);
  if (given.journal) printJournal(replay, output);
  else if (output.isJson) recordAll(replay, summary, output);
  else printAll(replay, summary, { given, output });
  const isExpected = summary.verdict === "identical" || (summary.is_what_if && summary.verdict === "same-acts");
  return isExpected ? "done" : "no";
}

/** As the daemon wrote it then, at the times of then. */
function printJournal({ entries, header }: Replay, output: Output): void {
  for (const entry of entries) {
    output.print(encodeJson({ ...entry, wallTime: header.wallTime + entry.wallTime }).trimEnd());
  }
}

function recordAll(replay: Replay, summary: ReplaySummary, output: Output): void {
  for (const row of viewReplay(replay)) output.record("tidemark.replay.event/1", row);
  output.record("tidemark.replay/1", summary);
}

type Printing = Pick<Call<typeof replayUsage.options>, "given" | "output">;

function printAll(replay: Replay, summary: ReplaySummary, { given, output }: Printing): void {
  const { print, style } = output;
  const { kernel_release: kernel, architecture, version } = summary;
  print(style.strong(wrapAfter("", escapeText(`Linux ${kernel} ${architecture}, recorded by tidemark ${version}`))));
  const rows = viewReplay(replay);
  print(`\n${rows.length === 0 ? "Nothing is decided, and nothing was worth a word" : renderReplay(rows, style)}`);
  printPlot(plotReplay(replay), given, output);
  print(`\n${renderReplaySummary(summary, style)}`);
}
