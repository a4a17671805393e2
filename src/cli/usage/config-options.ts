import type { CliOptions, Given } from "#cli/command.ts";
import type { ConfigChoice } from "#daemon/config-files.ts";

/** Options of every command that decides by the settings. */
export const configOptions = {
  config: { kind: "text", placeholder: "FILE", summary: "Read the settings from FILE and its drop-ins" },
  set: { kind: "texts", placeholder: "KEY=VALUE", summary: "Change one setting; may be repeated" },
} as const satisfies CliOptions;

/** What was given for them, as the daemon takes it. */
export const configChoice = ({ config, set }: Given<typeof configOptions>): ConfigChoice => ({
  path: config,
  overrides: set,
});
