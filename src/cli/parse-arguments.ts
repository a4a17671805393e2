import readWords from "yargs-parser";
import { nearestWord } from "#config/nearest.ts";
import type { CliOptions, Command, Given } from "./command.ts";
import { commonOptions } from "./common-options.ts";
import { renderHelp } from "./help.ts";
import { findMisuse, giveAll, type Values } from "./option-values.ts";

/** What a command line asks for. */
export type Parsed =
  /** Not the answer when nobody asked for it: a command was missing. */
  | { readonly kind: "help"; readonly text: string; readonly isAnswer: boolean }
  | { readonly kind: "version" }
  | { readonly kind: "usage"; readonly problem: string }
  | ParsedCommand;

/** A command line that makes sense. */
export interface ParsedCommand {
  readonly kind: "command";
  readonly command: Command;
  readonly operand: string | undefined;
  readonly given: Given<CliOptions>;
  readonly isJson: boolean;
  readonly color: string;
}

/** Reads a command line. Everything that makes no sense is told with what was probably meant. */
export function parseArguments(args: readonly string[], commands: readonly Command[]): Parsed {
  const { _: words = [], "--": _, ...values } = tokenize(args, commands);
  const [name, ...operands] = Array.isArray(words) ? words.map(String) : [];
  const command = commands.find((each) => each.command === name);
  if (values["version"] === true) return { kind: "version" };
  if (values["help"] === true || name === undefined) {
    return { kind: "help", text: renderHelp(command, commands), isAnswer: values["help"] === true };
  }
  if (command === undefined) return unknownCommand(name, commands);
  const options: CliOptions = { ...commonOptions, ...command.options };
  const problem =
    findUnknown(values, options) ?? findOperandProblem(operands, command) ?? findValueProblem(values, options);
  if (problem !== undefined) return problem;
  return {
    kind: "command",
    command,
    operand: operands[0],
    given: giveAll(values, command.options),
    isJson: values["json"] === true,
    color: String(values["color"] ?? commonOptions.color.default),
  };
}

const configuration = {
  "boolean-negation": false,
  "camel-case-expansion": false,
  "dot-notation": false,
  "duplicate-arguments-array": true,
  "greedy-arrays": false,
  "parse-numbers": false,
  "parse-positional-numbers": false,
  "strip-dashed": false,
};

/** Tells values from operands. Everything but flags is read as text; {@link findMisuse} knows better. */
function tokenize(args: readonly string[], commands: readonly Command[]): Values {
  const declared = [commonOptions, ...commands.map(({ options }) => options)].flatMap((each) => Object.entries(each));
  const namesOf = (isFlag: boolean): string[] =>
    declared.flatMap(([name, { kind }]) => ((kind === "flag") === isFlag ? [name] : []));
  return readWords([...args], { boolean: namesOf(true), string: namesOf(false), configuration });
}

function unknownCommand(name: string, commands: readonly Command[]): Parsed {
  const known = commands.map(({ command }) => command);
  return usage(`There is no command "${name}"`, name, known);
}

function usage(problem: string, written?: string, known: readonly string[] = []): Extract<Parsed, { kind: "usage" }> {
  const nearest = written === undefined ? undefined : nearestWord(written, known);
  return { kind: "usage", problem: nearest === undefined ? problem : `${problem}; do you mean "${nearest}"?` };
}

function findUnknown(values: Values, options: CliOptions): Parsed | undefined {
  const unknown = Object.keys(values).find((name) => !Object.hasOwn(options, name) && values[name] !== undefined);
  if (unknown === undefined) return undefined;
  const dashes = unknown.length === 1 ? "-" : "--";
  const nearest = nearestWord(unknown, Object.keys(options));
  const hint = nearest === undefined ? "" : `; do you mean "--${nearest}"?`;
  return usage(`There is no option "${dashes}${unknown}" here${hint}`);
}

function findOperandProblem(operands: readonly string[], { command, operand }: Command): Parsed | undefined {
  const most = operand === undefined ? 0 : 1;
  const extra = operands[most];
  if (extra !== undefined) return usage(`Cannot make sense of "${extra}" after "${command}"`);
  if (operand?.isRequired === true && operands.length === 0) return usage(`"${command}" needs ${operand.name}`);
  return undefined;
}

function findValueProblem(values: Values, options: CliOptions): Parsed | undefined {
  const misuse = findMisuse(values, options);
  return misuse === undefined ? undefined : usage(misuse.problem, misuse.written, misuse.known);
}
