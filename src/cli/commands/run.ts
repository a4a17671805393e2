import type { Call } from "#cli/command.ts";
import type { ExitCode } from "#cli/exit-codes.ts";
import type { Output } from "#cli/output.ts";
import { wrapAfter } from "#cli/render/wrap.ts";
import { configChoice } from "#cli/usage/config-options.ts";
import { logFormats, type runUsage } from "#cli/usage/run.ts";
import { recordingChoice } from "#daemon/recording/recording-choice.ts";
import { type DaemonEnding, runDaemon } from "#daemon/run-daemon.ts";

/** Runs the daemon until it ends. */
export async function watchMachine({ given, output }: Call<typeof runUsage.options>): Promise<ExitCode> {
  if (given.record === undefined && (given.names || given.force)) {
    output.complain("--names and --force are about a recording: give --record FILE as well, or leave them out");
    return "usage";
  }
  const ending = await runDaemon({
    isDryRun: given["dry-run"],
    isOnce: given.once,
    settings: configChoice(given),
    logFormat: output.isJson ? "json" : logFormats.find((format) => format === given["log-format"]),
    journalStream: process.env["JOURNAL_STREAM"],
    service: {
      socket: process.env["NOTIFY_SOCKET"],
      watchdogUsec: process.env["WATCHDOG_USEC"],
      watchdogPid: process.env["WATCHDOG_PID"],
    },
    recording: given.record === undefined ? undefined : recordingChoice(given.record, given),
  });
  return tellEnding(ending, output);
}

function tellEnding(ending: DaemonEnding, output: Output): ExitCode {
  switch (ending.kind) {
    case "stopped":
      return "done";
    case "failed":
      return ending.trouble;
    case "refused-settings":
      output.complain(ending.text.trimEnd());
      return "config";
    case "cannot-record":
      output.complain(ending.text);
      return "system";
    case "not-permitted":
      output.complain("Cannot watch over this machine: not allowed to signal the processes of other users");
      for (const missing of ending.missing) output.complain(wrapAfter("  ", missing));
      output.complain("Run it as root, or see what it would do with: tidemark run --dry-run");
      return "permission";
  }
}
