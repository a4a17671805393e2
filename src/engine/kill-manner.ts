import type { Signal } from "#domain/decision.ts";
import type { Command } from "#domain/giver.ts";
import type { Milliseconds } from "#domain/units.ts";

/** What one kill takes: a process, a family, or a family where one process would be no answer. */
export type WantedUnit = "process" | "family" | "auto";

/** How a victim goes, as far as it is to be otherwise than the plan says. */
export interface KillManner {
  /** Instead of SIGTERM, while there is time to ask. */
  readonly signal?: Signal;
  /** Instead of that signal, which is sent when the program fails. */
  readonly run?: Command;
  /** From asking, whoever asks, to SIGKILL. */
  readonly grace?: Milliseconds;
  /** What dies with it. */
  readonly unit?: WantedUnit;
}
