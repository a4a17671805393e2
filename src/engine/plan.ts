import type { AlarmKind } from "#domain/alarm.ts";
import type { Giver } from "#domain/giver.ts";
import type { Bytes, KiB, Milliseconds, Percent } from "#domain/units.ts";
import type { BoundDetector } from "./define-detector.ts";
import type { BoundPolicy } from "./define-policy.ts";
import type { Ranker } from "./define-ranker.ts";
import type { WantedUnit } from "./kill-manner.ts";
import type { Rule } from "./rule.ts";
import type { Watermarks } from "./watermarks.ts";

/** What has to be proven for an alarm. */
export interface AlarmPlan {
  readonly kind: AlarmKind;
  /** Told apart from others of its kind by this name: a limit of a memcg's own. Absent: it is the one that every scope has. */
  readonly own?: string;
  /** `all`: every detector has to agree. `any`: one is enough. */
  readonly when: "any" | "all";
  /** By name; all of them are among the detectors of the plan. */
  readonly detectors: readonly string[];
  /** How long it has to be proven without a break. */
  readonly holdFor: Milliseconds;
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
  readonly unit: WantedUnit;
}

/** How the session is spared. */
export interface GuardPlan {
  /** What the session is made of goes after everybody else. */
  readonly session: boolean;
  /** It goes at all, when nobody else can be chosen. */
  readonly lastResort: boolean;
}

/** No givers: always this list, so that it can be told that nothing has changed. */
export const nobody: readonly Giver[] = [];

/** Who is asked to give memory back before anybody has to go. */
export interface NotifyPlan {
  /** In the order in which they are asked. */
  readonly givers: readonly Giver[];
  /** Those that rules have run in place of a signal: nobody else is. */
  readonly programs: readonly Giver[];
  /** How long a kill may wait for all of them together. */
  readonly deadline: Milliseconds;
  /** End of one chain to the beginning of the next. */
  readonly coolDown: Milliseconds;
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
  /** And none swaps out more than this much in a second. */
  readonly fastestSwapFill: KiB;
  /** How often the process table is read in calm, so that `cmdline` is known in trouble. Undefined: no rule asks for it. */
  readonly tableEvery: Milliseconds | undefined;
}

/** When a scope is in trouble. */
export interface ScopePlan {
  readonly headroom: Watermarks;
  /** Those that alarms go by, and that there are facts for. */
  readonly detectors: readonly BoundDetector[];
  /** Those that can be raised at all, from the mildest to the loudest. */
  readonly alarms: readonly AlarmPlan[];
}

/** A memcg to watch, or all that a pattern fits. */
export interface MemcgPlan {
  /** From the root of the hierarchy; `*` stands for any part of one name. */
  readonly path: string;
  /** When a memcg with such a capacity is in trouble, or why it never can be. */
  readonly within: (capacity: MemcgCapacity) => ScopePlan | "unlimited" | "limit-too-small";
  /** Absent: all its members are compared one by one. */
  readonly byBranch?: BranchPlan;
}

/** How one of the cgroups inside a watched memcg is chosen. */
export interface BranchPlan {
  readonly ranker: Ranker;
  /** Down to a leaf, or one of those right inside only. */
  readonly recursive: boolean;
  /** All of it, or one process of it. */
  readonly unit: "memcg" | "process";
}

/** What settings of a memcg are measured against. */
export interface MemcgCapacity {
  /** Where it comes to a standstill. Undefined: nowhere before the machine does. */
  readonly limit: KiB | undefined;
  /** RAM of the machine. */
  readonly ram: KiB;
  /** How much of it can be swapped out. */
  readonly swap: KiB;
}

/** What the engine runs on: a config resolved against one machine. */
export interface Plan extends ScopePlan {
  readonly pageSize: Bytes;
  /** Of the memcg that is the scope. */
  readonly byBranch?: BranchPlan;
  /** The first that fits a memcg is the one that counts. */
  readonly memcgs: readonly MemcgPlan[];
  readonly policy: BoundPolicy;
  readonly rules: readonly Rule[];
  /** What `prefer` adds to a score and `avoid` takes from it, as a share of RAM and swap. */
  readonly preference: Percent;
  readonly guard: GuardPlan;
  readonly kill: KillPlan;
  readonly pacing: PacingPlan;
  readonly notify: NotifyPlan;
}
