import { type KiB, type Percent, percentOf } from "#domain/units.ts";

/** An amount of memory that somebody wrote down: only a machine turns it into a size. */
export type GivenAmount =
  | { readonly kind: "size"; readonly size: KiB }
  /** Of user memory: what is available, anonymous or shared. What the kernel keeps for itself is nobody's to share. */
  | { readonly kind: "share"; readonly share: Percent };

/** The same, or that it is to follow the machine. */
export type Amount = GivenAmount | { readonly kind: "auto" };

/** A size, once the machine is known. Undefined: it was left to `auto`. */
export const resolveAmount = (written: Amount, userMemory: KiB): KiB | undefined =>
  written.kind === "auto" ? undefined : resolveGiven(written, userMemory);

/** A size, once the machine is known. */
export const resolveGiven = (given: GivenAmount, userMemory: KiB): KiB =>
  given.kind === "size" ? given.size : percentOf(given.share, userMemory);
