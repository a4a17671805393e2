import type { CliOption, CliOptions, Given } from "./command.ts";

/** What was read from a command line, by the names of options. */
export type Values = Readonly<Record<string, unknown>>;

/** A value that is none. */
export interface Misuse {
  readonly problem: string;
  /** With `known`: what was probably meant can be told. */
  readonly written?: string;
  readonly known?: readonly string[];
}

/** The first value that its option does not take. */
export function findMisuse(values: Values, options: CliOptions): Misuse | undefined {
  return Object.entries(options)
    .map(([name, option]) => (values[name] === undefined ? undefined : describeMisuse(name, option, values[name])))
    .find((misuse) => misuse !== undefined);
}

function describeMisuse(name: string, option: CliOption, value: unknown): Misuse | undefined {
  if (Array.isArray(value) && option.kind !== "texts") return { problem: `"--${name}" is given twice` };
  if (value === "") return { problem: `"--${name}" needs a value` };
  if (option.kind === "choice" && !option.choices.includes(String(value))) {
    return {
      problem: `"--${name}" is one of ${option.choices.join(", ")}, not "${value}"`,
      written: String(value),
      known: option.choices,
    };
  }
  if (option.kind === "count" && !/^[1-9]\d{0,8}$/.test(String(value))) {
    return { problem: `"--${name}" is a whole number of at least 1, not "${value}"` };
  }
  return undefined;
}

/** A value for every option: what was given, or its default. */
export const giveAll = (values: Values, options: CliOptions): Given<CliOptions> =>
  Object.fromEntries(Object.entries(options).map(([name, option]) => [name, give(option, values[name])]));

function give(option: CliOption, value: unknown): Given<CliOptions>[string] {
  switch (option.kind) {
    case "flag":
      return value === true;
    case "text":
      return value === undefined ? undefined : String(value);
    case "texts":
      return value === undefined ? [] : [value].flat().map(String);
    case "count":
      return value === undefined ? option.default : Number(value);
    case "choice":
      return value === undefined ? option.default : String(value);
  }
}
