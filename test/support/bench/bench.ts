import { showNumber } from "./spread.ts";

/** One thing that is measured. */
export interface Bench {
  readonly name: string;
  readonly title: string;
  /** Why it cannot be measured here, or false. */
  lacks(context: BenchContext): string | false;
  run(context: BenchContext): Promise<Report>;
}

/** What every bench is told. */
export interface BenchContext {
  /** As little as shows that it still works: its figures mean nothing. */
  readonly isQuick: boolean;
  /** How often each daemon kills each hog. */
  readonly pairs: number;
  /** Aborted by Ctrl-C: whatever was started ends then. */
  readonly signal: AbortSignal;
  /** The earlyoom to compare with. Undefined: there is none here. */
  readonly earlyoom: string | undefined;
  /** Tells what goes on, for whoever waits. */
  say(text: string): void;
}

/** What a bench has measured. */
export interface Report {
  readonly tables: readonly Table[];
  readonly claims: readonly Claim[];
  /** How it was measured, a sentence each. */
  readonly method: readonly string[];
  /** All single measurements, for the JSON. */
  readonly samples: unknown;
}

/** Rows under titles; the first column names what was measured. */
export interface Table {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** What is promised, and what was found. */
export interface Claim {
  readonly claim: string;
  readonly found: string;
  readonly holds: boolean;
}

/** A claim about a number that must not be larger than a limit. An absent number proves nothing. */
export function claimAtMost(claim: string, found: number | undefined, limit: number): Claim {
  const isKnown = found !== undefined && !Number.isNaN(found);
  return { claim, found: isKnown ? showNumber(found) : "not measured", holds: isKnown && found <= limit };
}
