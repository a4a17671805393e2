/** Marks parts of a text. Never the only carrier of a meaning. */
export interface Style {
  readonly strong: (text: string) => string;
  readonly faint: (text: string) => string;
  readonly good: (text: string) => string;
  readonly warning: (text: string) => string;
  readonly bad: (text: string) => string;
}

/** When to colour: `auto` asks the terminal. */
export const colorChoices = ["auto", "always", "never"] as const;

/** What decides about colour. */
export interface ColorWish {
  /** As given with `--color`. */
  readonly choice: string;
  readonly isTerminal: boolean;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** @see https://no-color.org: any value but the empty one switches colour off. */
export function wantsColor({ choice, isTerminal, environment }: ColorWish): boolean {
  if (choice !== "auto") return choice === "always";
  return isTerminal && (environment["NO_COLOR"] ?? "") === "" && environment["TERM"] !== "dumb";
}

const sgr = (begin: number, end: number) => (text: string) => `\u001b[${begin}m${text}\u001b[${end}m`;

const colors: Style = {
  strong: sgr(1, 22),
  faint: sgr(2, 22),
  good: sgr(32, 39),
  warning: sgr(33, 39),
  bad: sgr(31, 39),
};

const same = (text: string): string => text;
const plain: Style = { strong: same, faint: same, good: same, warning: same, bad: same };

/** Marks with colours, or none at all. */
export const createStyle = (isColored: boolean): Style => (isColored ? colors : plain);
