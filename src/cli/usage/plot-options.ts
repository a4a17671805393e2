import type { CliOptions } from "#cli/command.ts";

/** Options of every command that draws. */
export const plotOptions = {
  "no-plot": { kind: "flag", summary: "Leave out the drawing of headroom, watermarks, stall and kills" },
  "no-unicode": { kind: "flag", summary: "Draw with ASCII, as without a UTF-8 locale" },
} as const satisfies CliOptions;
