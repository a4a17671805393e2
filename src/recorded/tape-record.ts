import type { Decision } from "#domain/decision.ts";
import type { Outcome } from "#domain/outcome.ts";
import type { Snapshot } from "#domain/snapshot.ts";
import type { Milliseconds } from "#domain/units.ts";
import type { Capabilities } from "#machine/capabilities.ts";
import type { Waker } from "#machine/machine.ts";

/** The format of a recording. Another number: readers of this one cannot read it. */
export const tapeFormat = 1;

/** What a recording begins with. */
export interface TapeHeader {
  readonly format: number;
  /** Of the tidemark that made it. */
  readonly version: string;
  readonly capabilities: Capabilities;
  /** The machine's clock when it began. */
  readonly startedAt: Milliseconds;
  /** The same moment, in milliseconds since 1970. */
  readonly wallTime: number;
  /** Names of tasks, programs and cgroups are in it. */
  readonly hasNames: boolean;
}

/** One thing that was recorded, in the order of what happened. */
export type TapeRecord =
  /** The settings in force from here on, in a form that is their owner's business. */
  | { readonly kind: "settings"; readonly settings: unknown }
  | { readonly kind: "look"; readonly snapshot: Snapshot }
  /** A look that nobody decided on: to know what the looks of the engine do not show, such as who was there in calm times. */
  | { readonly kind: "aside"; readonly snapshot: Snapshot }
  | { readonly kind: "act"; readonly decision: Decision; readonly outcome: Outcome }
  | { readonly kind: "wait"; readonly until: Milliseconds; readonly waker: Waker }
  /** Nothing was cut off: it was ended. */
  | { readonly kind: "end"; readonly why: string };
