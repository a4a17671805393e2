import { packageVersion } from "#daemon/package-root.ts";
import { viewError } from "#daemon/views/error-view.ts";
import type { Command } from "./command.ts";
import type { ExitCode } from "./exit-codes.ts";
import { createOutput, type Screen } from "./output.ts";
import { type ParsedCommand, parseArguments } from "./parse-arguments.ts";
import { createStyle, wantsColor } from "./render/style.ts";
import { lineWidth } from "./render/wrap.ts";

/** What the program is surrounded by. */
export interface Surroundings {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  /** Waits until what was written to stdout has been taken; false when nobody reads it any more. */
  readonly drained: () => Promise<boolean>;
  /** Whether stdout is a terminal. */
  readonly isTerminal: boolean;
  /** How wide it is; undefined when it is none. */
  readonly columns: number | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** Does what a command line asks for. Never throws: what nobody could treat is told here, once. */
export async function runCommandLine(
  args: readonly string[],
  commands: readonly Command[],
  around: Surroundings,
): Promise<ExitCode> {
  try {
    const parsed = parseArguments(args, commands);
    switch (parsed.kind) {
      case "help":
        around.stdout(`${parsed.text}\n`);
        return parsed.isAnswer ? "done" : "usage";
      case "version":
        around.stdout(`tidemark ${packageVersion()}\n`);
        return "done";
      case "usage":
        around.stderr(`${parsed.problem}\nSee "tidemark --help".\n`);
        return "usage";
      case "command":
        return await runCommand(parsed, around);
    }
  } catch (error) {
    const { trouble, text } = viewError(error);
    around.stderr(`${text}\n`);
    return trouble;
  }
}

async function runCommand({ command, operand, given, isJson, color }: ParsedCommand, around: Surroundings) {
  const { isTerminal, environment } = around;
  const style = createStyle(!isJson && wantsColor({ choice: color, isTerminal, environment }));
  return command.run({ operand, given, output: createOutput(around, { isJson, style, screen: screenOf(around) }) });
}

/** On a narrower screen a plot says nothing. */
const narrowest = 50;

const screenOf = ({ columns = lineWidth, environment }: Surroundings): Screen => ({
  width: Math.max(narrowest, Math.min(lineWidth, columns)),
  isUnicode: isUnicodeLocale(environment),
});

/** @see locale(7): the first that is set and not empty decides */
const isUnicodeLocale = (environment: Surroundings["environment"]): boolean =>
  /utf-?8/i.test([environment["LC_ALL"], environment["LC_CTYPE"], environment["LANG"]].find(Boolean) ?? "");
