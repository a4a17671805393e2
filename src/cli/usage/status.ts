import { describeUsage } from "#cli/command.ts";
import { configOptions } from "./config-options.ts";

/** The machine against the watermarks. */
export const statusUsage = describeUsage({
  command: "status",
  summary: "Show how much memory there is before tidemark would act",
  examples: [
    ["tidemark status", "headroom against the watermarks, stall, and who would be first"],
    ["tidemark status --set headroom.low=4GiB", "the same, if low were there"],
    ["tidemark status --json", "the same figures, for a program"],
  ],
  options: configOptions,
});
