import { describeUsage } from "#cli/command.ts";
import { configOptions } from "./config-options.ts";

/** What could keep tidemark from its promises here. */
export const doctorUsage = describeUsage({
  command: "doctor",
  summary: "Look for what would keep tidemark from its promises on this machine",
  examples: [
    ["tidemark doctor", "kernel, rights, memory, swap, cgroups, other killers, session; exit 1 when there is a fault"],
    ["tidemark doctor --json", "the same, for a program"],
  ],
  options: configOptions,
});
