import type { CliOptions } from "./command.ts";
import { colorChoices } from "./render/style.ts";

/** Options every command has. */
export const commonOptions = {
  json: { kind: "flag", summary: "Answer with one JSON object per line" },
  color: { kind: "choice", choices: colorChoices, default: "auto", summary: "Colour in the answer" },
  help: { kind: "flag", summary: "Show this help" },
  version: { kind: "flag", summary: "Show the version" },
} as const satisfies CliOptions;
