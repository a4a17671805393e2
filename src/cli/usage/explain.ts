import { describeUsage } from "#cli/command.ts";
import { configOptions } from "./config-options.ts";

const options = {
  ...configOptions,
  memcg: { kind: "text", placeholder: "PATH", summary: "As if this memcg were at its limit: only its members" },
  nodes: { kind: "text", placeholder: "LIST", summary: "As if these NUMA nodes were full for a cpuset, such as 0-1" },
  rules: { kind: "flag", summary: "Show each rule with the processes it matches now, instead of the ranking" },
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
    ["tidemark explain --memcg /user.slice", "who would go first if this memcg were at its limit"],
    ["tidemark explain --rules", "each rule, how many live processes it matches, and what wins over it"],
    ["tidemark explain --json --top 3", "the first three, for a program"],
  ],
  operand: { name: "PID", isRequired: false, summary: "one process, instead of the ranking of all" },
  options,
});
