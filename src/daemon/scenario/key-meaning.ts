/** What one key of a scenario means: how its value is written, what it does, and what holds when it is left out. */
export interface KeyMeaning {
  readonly takes: string;
  readonly means: string;
  /** Undefined: it has to be written. */
  readonly otherwise: string | undefined;
}

/** One table of a scenario file. */
export interface KeyTable {
  /** How it is written, for the document. */
  readonly heading: string;
  readonly summary: string;
  readonly keys: Readonly<Record<string, KeyMeaning>>;
}

/** Memory. */
export const size = "a size";
/** Memory per second. */
export const rate = "a size, per second";
/** A time, or a span of it. */
export const time = "a time";
/** How many. */
export const count = "a whole number";

/** The meaning of one key. */
export const key = (takes: string, means: string, otherwise?: string): KeyMeaning => ({ takes, means, otherwise });
