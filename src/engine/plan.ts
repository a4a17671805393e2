import type { Bytes, KiB, Milliseconds, Percent } from "#domain/units.ts";
import type { BoundPolicy } from "./define-policy.ts";
import type { Rule } from "./rule.ts";
import type { StallLine } from "./stall-window.ts";

/** Where the alarms of a zone lie. `min < low < high`, proven when the plan is compiled. */
export interface Watermarks {
  readonly min: KiB;
  readonly low: KiB;
  readonly high: KiB;
}

/** Stall is proven by its share of a window of our own, together with little memory. */
export interface StallPlan {
  readonly line: StallLine;
  readonly limit: Percent;
  readonly window: Milliseconds;
  readonly availableBelow: KiB;
}

/** How a kill goes on after its first signal. */
export interface KillPlan {
  /** SIGTERM to SIGKILL. Crossing `min` cuts it short. */
  readonly termGrace: Milliseconds;
  /** SIGKILL to process_mrelease when there is time: robust futexes live in the memory that would be taken away. */
  readonly reapGrace: Milliseconds;
  /** SIGKILL to giving a victim up and taking the next one. */
  readonly killTimeout: Milliseconds;
  /** Exit to giving up waiting for its memory. */
  readonly confirmTimeout: Milliseconds;
  /** End of one kill to the next, unless headroom is below `min`. */
  readonly coolDown: Milliseconds;
  /** How many kills may begin within `budgetWindow`, whatever happens. */
  readonly budget: number;
  readonly budgetWindow: Milliseconds;
}

/** How far apart looks are. */
export interface PacingPlan {
  /** The longest wait, when memory is plenty. */
  readonly calm: Milliseconds;
  /** The shortest wait while headroom is not falling. */
  readonly near: Milliseconds;
  /** The shortest wait of all: near a watermark and falling, or with a victim in flight. */
  readonly tight: Milliseconds;
  /** No machine fills memory faster than this much in a second. */
  readonly fastestFill: KiB;
  /** How often the process table is read in calm, so that `cmdline` is known in trouble. Undefined: no rule asks for it. */
  readonly tableEvery: Milliseconds | undefined;
}

/** What the engine runs on: a config resolved against one machine. */
export interface Plan {
  readonly pageSize: Bytes;
  readonly headroom: Watermarks;
  /** Undefined: switched off, or the machine has no PSI. */
  readonly stall: StallPlan | undefined;
  readonly policy: BoundPolicy;
  readonly rules: readonly Rule[];
  /** What `prefer` adds to a score and `avoid` takes from it, as a share of RAM and swap. */
  readonly preference: Percent;
  readonly kill: KillPlan;
  readonly pacing: PacingPlan;
}
