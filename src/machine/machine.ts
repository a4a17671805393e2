import type { Decision, NextLook } from "#domain/decision.ts";
import type { Outcome } from "#domain/outcome.ts";
import type { Quiet } from "#domain/quiet.ts";
import type { Snapshot } from "#domain/snapshot.ts";
import type { DigestWish } from "#domain/table-digest.ts";
import type { Milliseconds } from "#domain/units.ts";
import type { Capabilities } from "./capabilities.ts";

/** What to read at a look. A machine that keeps its table current may say more of it (`digestOf`), if it is told what is wanted. */
export interface Look extends Pick<NextLook, "needs" | "isPressing" | "keepsTable" | "watch" | "descend">, DigestWish {}

/** What ended a wait. */
export type Waker = "due" | "pressure" | "victim" | "giver" | "called";

/**
 * The one port between deciding and the world.
 *
 * A machine keeps a record of every victim from the first act upon it until `release`, and of every giver from being asked
 * until `dismiss`, and reports them in each snapshot. It waits for neither.
 * It refuses by construction to signal pid 1, itself, its ancestors, kernel threads and `oom_score_adj` −1000,
 * whatever the decision says, and it signals nobody whose identity is not the one decided upon.
 */
export interface Machine {
  readonly capabilities: Capabilities;
  /** Monotonic; the clock of every `at` in decisions and snapshots. */
  now(): Milliseconds;
  /** One look. Never throws for a sensor that fails: its reading is `unavailable`. Blocks for as long as the reads take. */
  sense(look: Look): Snapshot;
  /** Carries one decision out. Returns at once: what can block goes on in the background. */
  act(decision: Decision): Outcome;
  /**
   * Ends at `until`, or earlier when a waker fires or news of a victim have not been sensed yet. As long as a machine can tell
   * that it is `quiet` it may go on waiting, to the end of that at most; its next looks tell when it last was. A part of the
   * time is spent on the process table, when the last look asked to keep it current.
   */
  wait(until: Milliseconds, quiet?: Quiet): Promise<Waker>;
  /** Ends the wait under way, or the next one at once. */
  wake(): void;
  /** Gives back every descriptor and thread. Safe to call twice. */
  [Symbol.dispose](): void;
}
