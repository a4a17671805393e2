import { describeUsage } from "#cli/command.ts";
import { configOptions } from "./config-options.ts";
import { plotOptions } from "./plot-options.ts";

/** A scenario, played on the simulated machine with the very loop and engine of the daemon. */
export const simulateUsage = describeUsage({
  command: "simulate",
  summary: "Play a scenario on a simulated machine, and show every decision",
  examples: [
    ["tidemark simulate leak.toml", "what would happen; exit status 1 if the kernel had to kill by itself"],
    ["tidemark simulate leak.toml --set headroom.low=1GiB", "the same story under other settings"],
    [
      "tidemark simulate leak.toml --sweep headroom.low=2%,5%,10% --sweep kill.term_grace=1s,3s",
      "six stories in a table; exit status 1 if one of them ended badly",
    ],
    ["tidemark simulate leak.toml --json", "every event as one JSON object per line"],
  ],
  operand: { name: "FILE", isRequired: true, summary: "the scenario, in TOML" },
  options: {
    ...configOptions,
    sweep: {
      kind: "texts",
      placeholder: "KEY=A,B,C",
      summary: "Play it with each of these values, and compare; may be repeated, for all combinations",
    },
    ...plotOptions,
  },
});
