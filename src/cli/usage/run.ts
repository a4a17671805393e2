import { describeUsage } from "#cli/command.ts";
import type { LogFormat } from "#daemon/journal-output.ts";
import { configOptions } from "./config-options.ts";
import { recordingOptions } from "./recording-options.ts";

/** How the journal can be written. */
export const logFormats: readonly LogFormat[] = ["auto", "json", "text"];

const options = {
  ...configOptions,
  "dry-run": { kind: "flag", summary: "Decide and tell, but signal nobody; needs no rights" },
  once: { kind: "flag", summary: "Look once, do what follows from it, and end" },
  record: {
    kind: "text",
    placeholder: "FILE",
    summary: "Record every look and act to FILE, for tidemark replay; {time} in its name is the time of the start",
  },
  ...recordingOptions,
  "log-format": { kind: "choice", choices: logFormats, summary: "How the journal is written to stderr" },
} as const;

/** The daemon itself, in the foreground. */
export const runUsage = describeUsage({
  command: "run",
  summary: "Watch memory, and act before it runs out",
  examples: [
    ["tidemark run", "as the service does; ends with Ctrl-C"],
    ["tidemark run --dry-run", "the same, but nobody is signalled"],
    ["tidemark run --dry-run --once --set headroom.low=50%", "what it would do at once, if low were there"],
    [
      "tidemark run --record evening.tape",
      "with a recording of every look and act, which replays to the same decisions",
    ],
    ["tidemark run --record /var/log/tidemark/{time}.tape", "the same for a service, which may be started again"],
    ["tidemark run --log-format json", "a journal for programs; the same as --json"],
  ],
  options,
});
