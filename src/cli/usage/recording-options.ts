import type { CliOptions } from "#cli/command.ts";

/** Options of every command that makes a recording. */
export const recordingOptions = {
  names: { kind: "flag", summary: "Record the names of tasks, programs and cgroups: rules that ask for them need it" },
  force: { kind: "flag", summary: "Take away a file that is there" },
} as const satisfies CliOptions;
