import type { CliOption, CliOptions, Command } from "./command.ts";
import { commonOptions } from "./common-options.ts";
import { type Column, renderTable } from "./render/table.ts";
import { wrapAfter } from "./render/wrap.ts";

/** The help of one command, or the overview of all. */
export const renderHelp = (command: Command | undefined, commands: readonly Command[]): string =>
  command === undefined ? renderOverview(commands) : renderDetails(command);

const margin = "  ";

function renderOverview(commands: readonly Command[]): string {
  return [
    "Usage: tidemark COMMAND [OPTIONS]",
    "",
    "Kills the right process before memory runs out, and says why.",
    "",
    "Commands:",
    renderPairs(commands.map((command) => [lineOf(command), command.summary])),
    "",
    "Options of every command:",
    renderOptions(commonOptions),
    "",
    "tidemark COMMAND --help shows the options of a command, with examples.",
  ].join("\n");
}

function renderDetails(command: Command): string {
  const { operand, summary, examples, options } = command;
  return [
    `Usage: tidemark ${lineOf(command)} [OPTIONS]`,
    "",
    wrapAfter("", `${summary}.`),
    ...(operand === undefined ? [] : ["", renderPairs([[operand.name, operand.summary]])]),
    "",
    "Options:",
    renderOptions({ ...options, ...commonOptions }),
    "",
    "Examples:",
    ...examples.flatMap(([line, purpose]) => [margin + line, wrapAfter(margin.repeat(3), purpose)]),
  ].join("\n");
}

function lineOf({ command, operand }: Command): string {
  if (operand === undefined) return command;
  return operand.isRequired ? `${command} ${operand.name}` : `${command} [${operand.name}]`;
}

const renderOptions = (options: CliOptions): string =>
  renderPairs(Object.entries(options).map(([name, option]) => [`--${name}${placeholderOf(option)}`, explain(option)]));

function placeholderOf(option: CliOption): string {
  if (option.kind === "flag") return "";
  return option.kind === "choice" ? ` ${option.choices.join("|")}` : ` ${option.placeholder}`;
}

const explain = (option: CliOption): string =>
  "default" in option ? `${option.summary}; otherwise ${option.default}` : option.summary;

const unnamed: Column = { title: "", align: "left" };

const renderPairs = (pairs: readonly (readonly [string, string])[]): string =>
  renderTable(
    [unnamed, unnamed],
    pairs.map(([name, text]) => [margin + name, text]),
  );
