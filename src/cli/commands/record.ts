import type { Call } from "#cli/command.ts";
import type { ExitCode } from "#cli/exit-codes.ts";
import type { Output } from "#cli/output.ts";
import { renderLine } from "#cli/render/timeline-text.ts";
import { wrapAfter } from "#cli/render/wrap.ts";
import { configChoice } from "#cli/usage/config-options.ts";
import type { recordUsage } from "#cli/usage/record.ts";
import { readRecordLimits } from "#daemon/recording/record-limits.ts";
import { type RecordEnding, recordMachine } from "#daemon/recording/record-machine.ts";
import { recordingChoice } from "#daemon/recording/recording-choice.ts";
import { describeSize, describeSpan } from "#journal/amounts.ts";
import type { Entry } from "#journal/entry.ts";
import { escapeText } from "#journal/escape.ts";

/** Records this machine until its time is over, or somebody ends it. */
export async function recordToFile({
  operand = "",
  given,
  output,
}: Call<typeof recordUsage.options>): Promise<ExitCode> {
  const limits = readRecordLimits({ lasts: given.for, limit: given.limit });
  if (limits.kind === "refused") {
    output.complain(limits.text);
    return "usage";
  }
  const choice = recordingChoice(operand, given, limits.limit);
  const ending = await recordMachine({
    choice,
    settings: configChoice(given),
    lasts: limits.lasts,
    begin: (missing) => {
      output.complain(wrapAfter("", `Recording to ${escapeText(choice.path)}, touching nobody; Ctrl-C ends it`));
      for (const capability of missing) output.complain(wrapAfter("  ", `not in it, for want of a ${capability}`));
    },
    tell: (entry) => tellEntry(entry, output),
  });
  return tellEnding(ending, choice.path, output);
}

function tellEntry({ wallTime, event, level, fields, sentence }: Entry, output: Output): void {
  if (output.isJson)
    output.record("tidemark.record.event/1", { at_ms: wallTime, event, level, ...fields, message: sentence });
  else output.print(renderLine(wallTime, "tidemark", sentence));
}

function tellEnding(ending: RecordEnding, file: string, output: Output): ExitCode {
  if (ending.kind === "refused-settings") {
    output.complain(ending.text.trimEnd());
    return "config";
  }
  if (ending.kind === "cannot-record") {
    output.complain(ending.text);
    return "system";
  }
  const { lasted, looks, size, trouble, isFull } = ending;
  if (output.isJson) {
    output.record("tidemark.record/1", {
      file,
      lasted_ms: lasted,
      looks,
      size_kib: size,
      ...(trouble !== undefined && { trouble }),
    });
  } else {
    output.print(`${looks} looks in ${describeSpan(lasted)}: ${describeSize(size)}`);
    if (trouble !== undefined) output.print(output.style.warning(`It ended before its time: ${trouble}`));
  }
  // A limit that is reached is what was asked for; a disk that fails is not.
  return trouble === undefined || isFull ? "done" : "system";
}
