import { describeUsage } from "#cli/command.ts";
import { configOptions } from "./config-options.ts";
import { recordingOptions } from "./recording-options.ts";

/** This machine, recorded as a dry run of the daemon looks at it. */
export const recordUsage = describeUsage({
  command: "record",
  summary: "Record this machine's memory to a file, touching nobody; 5 MB an hour at most",
  examples: [
    ["tidemark record evening.tape", "until Ctrl-C; without command lines, and without names"],
    [
      "tidemark record evening.tape --for 10min --names",
      "ten minutes, with names, so that rules by name can be replayed",
    ],
    ["tidemark replay evening.tape", "what was decided; with --set, what would have been"],
  ],
  operand: { name: "FILE", isRequired: true, summary: "the recording to make; readable for its owner only" },
  options: {
    ...configOptions,
    for: {
      kind: "text",
      placeholder: "TIME",
      summary: 'How long, such as "10min"; otherwise until it is asked to stop',
    },
    limit: { kind: "text", placeholder: "SIZE", summary: 'The size at which it ends; otherwise "64MiB"' },
    ...recordingOptions,
  },
});
