import type { Call } from "#cli/command.ts";
import { tellEnding } from "#cli/daemon-ending.ts";
import type { ExitCode } from "#cli/exit-codes.ts";
import type { Output } from "#cli/output.ts";
import { wrapAfter } from "#cli/render/wrap.ts";
import { configChoice } from "#cli/usage/config-options.ts";
import { logFormats, type runUsage } from "#cli/usage/run.ts";
import { becomeDaemon } from "#daemon/become-daemon.ts";
import { writeLetter } from "#daemon/handover.ts";
import { type Preparation, prepareDaemon } from "#daemon/prepare-daemon.ts";
import { recordingChoice } from "#daemon/recording/recording-choice.ts";

/** Checks all that can be checked, and then is the daemon until it ends. */
export async function watchMachine({ given, output }: Call<typeof runUsage.options>): Promise<ExitCode> {
  if (given.record === undefined && (given.names || given.force)) {
    output.complain("--names and --force are about a recording: give --record FILE as well, or leave them out");
    return "usage";
  }
  const prepared = prepareDaemon({
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
  if (prepared.kind !== "ready") return tellRefusal(prepared, output);
  const letter = writeLetter(prepared.letter);
  const { census } = prepared.letter.message;
  const also = census.kind === "open" ? [census.source.link] : [];
  const crowded = becomeDaemon({ letter, also, environment: process.env });
  // Nothing can take our place: then the daemon lives here, and says so.
  const { runDaemon } = await import("#daemon/run-daemon.ts");
  return tellEnding(await runDaemon(prepared.letter.message, { letter, crowded }), output.complain);
}

function tellRefusal(refusal: Exclude<Preparation, { kind: "ready" }>, output: Output): ExitCode {
  switch (refusal.kind) {
    case "refused-settings":
      output.complain(refusal.text.trimEnd());
      return "config";
    case "not-permitted":
      output.complain("Cannot watch over this machine: not allowed to signal the processes of other users");
      for (const missing of refusal.missing) output.complain(wrapAfter("  ", missing));
      output.complain("Run it as root, or see what it would do with: tidemark run --dry-run");
      return "permission";
  }
}
