import { describeUsage } from "#cli/command.ts";
import { configOptions } from "./config-options.ts";
import { plotOptions } from "./plot-options.ts";

/** A recording, decided upon again. */
export const replayUsage = describeUsage({
  command: "replay",
  summary: "Decide again on what was recorded, under the same settings or others",
  examples: [
    ["tidemark replay evening.tape", "whether the same is decided; exit status 1 if not"],
    [
      "tidemark replay evening.tape --set headroom.low=5%",
      "what would have happened; exit status 1 if it is something else",
    ],
    ["tidemark replay evening.tape --config my.toml", "the same under other settings altogether"],
    [
      "tidemark replay evening.tape --journal",
      "the journal of then, as JSON lines, but for the daemon's own coming and going",
    ],
  ],
  operand: { name: "FILE", isRequired: true, summary: "a recording made by tidemark record or tidemark run --record" },
  options: {
    config: {
      kind: "text",
      placeholder: "FILE",
      summary: "Use the settings in FILE and its drop-ins, not those recorded",
    },
    set: configOptions.set,
    ...plotOptions,
    journal: { kind: "flag", summary: "Print the journal and nothing else" },
  },
});
