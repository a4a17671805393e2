import type { Signal } from "#domain/decision.ts";
import type { Command } from "#domain/giver.ts";
import type { Milliseconds } from "#domain/units.ts";

/** All that a kill can take: a process, those that are like it, its application, its cgroup, or what would be an answer. */
export const wantedUnits = ["auto", "process", "family", "app", "memcg"] as const;

/** What one kill takes, as it is written. */
export type WantedUnit = (typeof wantedUnits)[number];

/** Whether others die with whoever is chosen, whatever is to blame. */
export const takesOthers = (unit: WantedUnit): boolean => unit !== "process" && unit !== "auto";

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
