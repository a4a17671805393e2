import { describeUsage } from "#cli/command.ts";
import { configOptions } from "./config-options.ts";

/** Whether the settings are sound, and what they mean on this machine. */
export const checkUsage = describeUsage({
  command: "check",
  summary: "Check the settings, and show what they mean on this machine",
  examples: [
    ["tidemark check", "the settings of the service"],
    ["tidemark check --config my.toml", "another file, before it is put in place"],
    ["tidemark check --set headroom.low=8%", "what 8 % is here"],
  ],
  options: configOptions,
});
