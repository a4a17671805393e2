import type { KiB, Milliseconds, Percent } from "#domain/units.ts";
import type { Watermarks } from "./watermarks.ts";

interface Described {
  readonly summary: string;
  /** Why the default is the default. */
  readonly because: string;
}

type Plain<T> = Described & { readonly default: T };

/** The least and the most an option may be, both allowed. */
type Range<T> = readonly [least: T, most: T];

/** What sizes that nobody gave follow. */
export interface AutoBasis {
  readonly headroom: Watermarks;
  /** What programs can share: available, anonymous and shared memory. */
  readonly userMemory: KiB;
}

/** On or off. */
export type FlagOption = Plain<boolean> & { readonly kind: "flag" };
/** A share of something. */
export type PercentOption = Plain<Percent> & { readonly kind: "percent"; readonly range: Range<Percent> };
/** A span of time. */
export type DurationOption = Plain<Milliseconds> & { readonly kind: "duration"; readonly range: Range<Milliseconds> };
/** One of a few words. */
export type ChoiceOption<W extends string = string> = Plain<W> & {
  readonly kind: "choice";
  readonly words: readonly W[];
};
/** An amount of memory; until somebody gives one, it follows the machine. */
export type AmountOption = Described & { readonly kind: "amount"; readonly auto: (basis: AutoBasis) => KiB };

/** One setting of a policy or a detector. */
export type Option = FlagOption | PercentOption | DurationOption | ChoiceOption | AmountOption;

/** Declarations of options by the name they have in the config. */
export type Options = Readonly<Record<string, Option>>;

type OptionValue<O> = O extends ChoiceOption<infer W> ? W : O extends { readonly default: infer T } ? T : KiB;

/** The values that belong to a declaration of options. */
export type OptionValues<O extends Options> = { readonly [K in keyof O]: OptionValue<O[K]> };

/** An option that is on or off. */
export const flag = (option: Plain<boolean>): FlagOption => ({ kind: "flag", ...option });

/** An option that is a share within a range. */
export const percentage = (option: Omit<PercentOption, "kind">): PercentOption => ({ kind: "percent", ...option });

/** An option that is a span of time within a range. */
export const duration = (option: Omit<DurationOption, "kind">): DurationOption => ({ kind: "duration", ...option });

/** An option that is one of a few words. */
export const choice = <const W extends string>(option: Omit<ChoiceOption<W>, "kind">): ChoiceOption<W> => ({
  kind: "choice",
  ...option,
});

/** An option that is an amount of memory. */
export const amount = (option: Omit<AmountOption, "kind">): AmountOption => ({ kind: "amount", ...option });
