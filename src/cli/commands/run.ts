import { type Call, defineCommand } from "#cli/command.ts";
import type { ExitCode } from "#cli/exit-codes.ts";
import type { Output } from "#cli/output.ts";
import { wrapAfter } from "#cli/render/wrap.ts";
import type { LogFormat } from "#daemon/journal-output.ts";
import { type DaemonEnding, runDaemon } from "#daemon/run-daemon.ts";
import { configChoice, configOptions } from "./config-options.ts";

const logFormats: readonly LogFormat[] = ["auto", "json", "text"];

const options = {
  ...configOptions,
  "dry-run": { kind: "flag", summary: "Decide and tell, but signal nobody; needs no rights" },
  once: { kind: "flag", summary: "Look once, do what follows from it, and end" },
  "log-format": { kind: "choice", choices: logFormats, summary: "How the journal is written to stderr" },
} as const;

/** The daemon itself, in the foreground. */
export const run = defineCommand({
  command: "run",
  summary: "Watch memory, and act before it runs out",
  examples: [
    ["tidemark run", "as the service does; ends with Ctrl-C"],
    ["tidemark run --dry-run", "the same, but nobody is signalled"],
    ["tidemark run --dry-run --once --set headroom.low=50%", "what it would do at once, if low were there"],
    ["tidemark run --log-format json", "a journal for programs; the same as --json"],
  ],
  options,
  run: async ({ given, output }: Call<typeof options>): Promise<ExitCode> => {
    const ending = await runDaemon({
      isDryRun: given["dry-run"],
      isOnce: given.once,
      settings: configChoice(given),
      logFormat: output.isJson ? "json" : logFormats.find((format) => format === given["log-format"]),
      journalStream: process.env["JOURNAL_STREAM"],
    });
    return tellEnding(ending, output);
  },
});

function tellEnding(ending: DaemonEnding, output: Output): ExitCode {
  switch (ending.kind) {
    case "stopped":
      return "done";
    case "failed":
      return ending.trouble;
    case "refused-settings":
      output.complain(ending.text.trimEnd());
      return "config";
    case "not-permitted":
      output.complain("Cannot watch over this machine: not allowed to signal the processes of other users");
      for (const missing of ending.missing) output.complain(wrapAfter("  ", missing));
      output.complain("Run it as root, or see what it would do with: tidemark run --dry-run");
      return "permission";
  }
}
