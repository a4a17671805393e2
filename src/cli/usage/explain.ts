import { describeUsage } from "#cli/command.ts";
import { configOptions } from "./config-options.ts";

const options = {
  ...configOptions,
  top: { kind: "count", placeholder: "N", default: 20, summary: "Show the first N of the ranking" },
} as const;

/** Who would go first now, and why; or why one process would or would not. */
export const explainUsage = describeUsage({
  command: "explain",
  summary: "Show who would go first now, and why",
  examples: [
    ["tidemark explain", "the ranking as it would be now, with what each score is made of"],
    ["tidemark explain 1234", "whether process 1234 could be chosen, its place, and the rules that speak of it"],
    ["tidemark explain --set policy.name=kernel", "the ranking the kernel itself would make"],
    ["tidemark explain --json --top 3", "the first three, for a program"],
  ],
  operand: { name: "PID", isRequired: false, summary: "one process, instead of the ranking of all" },
  options,
});
