import type { ExitCode } from "./exit-codes.ts";
import type { Output } from "./output.ts";

/** One option of a command, as `--help` shows it and as it is checked. */
export type CliOption = { readonly summary: string } & (
  | { readonly kind: "flag" }
  | { readonly kind: "text"; readonly placeholder: string }
  /** May be given more than once. */
  | { readonly kind: "texts"; readonly placeholder: string }
  | { readonly kind: "count"; readonly placeholder: string; readonly default: number }
  | { readonly kind: "choice"; readonly choices: readonly string[]; readonly default?: string }
);

/** Options by their names, without the dashes. */
export type CliOptions = Readonly<Record<string, CliOption>>;

type ValueOf<T extends CliOption> = T extends { kind: "flag" }
  ? boolean
  : T extends { kind: "text" }
    ? string | undefined
    : T extends { kind: "texts" }
      ? readonly string[]
      : T extends { kind: "count" }
        ? number
        : T extends { default: string }
          ? string
          : string | undefined;

/** What was given for the options: checked, and all of the declared names present. */
export type Given<O extends CliOptions> = { readonly [N in keyof O]: ValueOf<O[N]> };

/** What stands after the name of a command without dashes. */
export interface Operand {
  readonly name: string;
  readonly isRequired: boolean;
  readonly summary: string;
}

/** How a command is used: what `--help` shows, and what a command line is read by. */
export interface CommandUsage<O extends CliOptions> {
  readonly command: string;
  readonly summary: string;
  /** Command lines, each with what it is for. */
  readonly examples: readonly (readonly [line: string, purpose: string])[];
  readonly operand?: Operand;
  readonly options: O;
}

/** A command as it is written down. */
export interface CommandDeclaration<O extends CliOptions> extends CommandUsage<O> {
  /** A method, so that a list can hold commands of different options: the parser gives each exactly its own. */
  run(call: Call<O>): ExitCode | Promise<ExitCode>;
}

/** One use of a command. */
export interface Call<O extends CliOptions> {
  readonly operand: string | undefined;
  readonly given: Given<O>;
  readonly output: Output;
}

/** A command whose options are known to itself only. */
export type Command = CommandDeclaration<CliOptions>;

/** Declares a command; what it is given is typed by its options. */
export const defineCommand = <const O extends CliOptions>(declaration: CommandDeclaration<O>): CommandDeclaration<O> =>
  declaration;

/** Describes how a command is used, its options typed. */
export const describeUsage = <const O extends CliOptions>(usage: CommandUsage<O>): CommandUsage<O> => usage;
