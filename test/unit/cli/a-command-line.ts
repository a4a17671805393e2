import type { Command } from "#cli/command.ts";
import { defineCommand } from "#cli/command.ts";
import type { ExitCode } from "#cli/exit-codes.ts";
import { runCommandLine, type Surroundings } from "#cli/run-command-line.ts";

/** What a command line did. */
export interface Ran {
  readonly ended: ExitCode;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command line with its two streams in memory. */
export async function runWith(
  args: readonly string[],
  commands: readonly Command[],
  around: Partial<Surroundings> = {},
): Promise<Ran> {
  const written = { stdout: "", stderr: "" };
  const ended = await runCommandLine(args, commands, {
    stdout: (text) => {
      written.stdout += text;
    },
    stderr: (text) => {
      written.stderr += text;
    },
    drained: () => Promise.resolve(true),
    isTerminal: false,
    columns: undefined,
    environment: {},
    ...around,
  });
  return { ended, ...written };
}

/** A command with an option of every kind, which tells what it was given. */
export const tell = defineCommand({
  command: "tell",
  summary: "Tell what was given",
  examples: [["tidemark tell a", "tells a"]],
  operand: { name: "THING", isRequired: true, summary: "what to tell" },
  options: {
    loud: { kind: "flag", summary: "Tell it loudly" },
    config: { kind: "text", placeholder: "FILE", summary: "A file" },
    set: { kind: "texts", placeholder: "KEY=VALUE", summary: "Some settings" },
    top: { kind: "count", placeholder: "N", default: 20, summary: "How many" },
    "log-format": { kind: "choice", choices: ["auto", "json", "text"], default: "auto", summary: "How to write" },
  },
  run: ({ operand, given, output }) => {
    if (output.isJson) output.record("tidemark.tell/1", { thing: operand, ...given });
    else output.print(output.style.good(`${operand} ${JSON.stringify(given)}`));
    return "done";
  },
});
