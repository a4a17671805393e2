import type { LackingGiver, Unready } from "./giver.ts";
import type { Identity } from "./identity.ts";
import type { SystemFailure } from "./system-error.ts";
import type { Milliseconds } from "./units.ts";
import type { VictimReport } from "./victim-report.ts";

/** What became of a decision at once. What becomes of it later is in the next snapshot. */
export type Outcome =
  /** The signal is on its way to the victim, to all that share its memory, and to the others of its group where there is one. */
  | {
      readonly kind: "signalled";
      readonly at: Milliseconds;
      readonly sharers: readonly Identity[];
      readonly group?: readonly Identity[];
    }
  /** Watched from now on; nothing was signalled. */
  | { readonly kind: "watched" }
  /** Under way: its end is reported with the victim. */
  | { readonly kind: "begun" }
  | { readonly kind: "released" }
  /** Givers are ready, but for those. */
  | { readonly kind: "enlisted"; readonly lacking: readonly LackingGiver[] }
  /** A giver has begun, or a program in place of a signal: its end is in a later snapshot's `givers`. */
  | { readonly kind: "asked" }
  | { readonly kind: "unready"; readonly why: Unready }
  /** A dry run: nothing was touched. */
  | { readonly kind: "rehearsed" }
  | {
      readonly kind: "refused";
      readonly why: Extract<VictimReport, { kind: "refused" }>["why"];
      readonly failure?: SystemFailure;
    };
