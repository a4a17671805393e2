import type { Alarm } from "./alarm.ts";
import type { SystemFailure } from "./system-error.ts";
import type { CgroupPath, KiB, Milliseconds } from "./units.ts";

/** What a giver gives, and how. */
export type GiverMeans =
  /** Memory of one memcg is reclaimed: cold pages go to swap and to their files. @see cgroup-v2.rst: memory.reclaim */
  | { readonly kind: "reclaim"; readonly cgroup: CgroupPath; readonly amount: KiB | "all" }
  /** Clean page cache (1), reclaimable slab (2) or both (3) of the whole machine. @see vm.rst: drop_caches */
  | { readonly kind: "drop-caches"; readonly level: DropLevel }
  /** A program is run; it knows what can be spared. Undefined user: as ourselves. */
  | { readonly kind: "hook"; readonly run: Command; readonly user: string | undefined }
  /** A program of a rule is run, as ourselves: it has one victim leave. */
  | { readonly kind: "program"; readonly run: Command };

/** A program by its whole path, and its arguments. */
export type Command = readonly [string, ...string[]];

/** What is written to `drop_caches`. */
export const dropLevels = [1, 2, 3] as const;
/** One of {@link dropLevels}. */
export type DropLevel = (typeof dropLevels)[number];

/** Somebody who can give memory back when asked: one entry of the counterpart of the kernel's `oom_notify_list`. */
export interface Giver {
  /** No other giver has it. */
  readonly name: string;
  readonly means: GiverMeans;
  /** From being asked to being stopped. */
  readonly timeout: Milliseconds;
}

/** Whether both would do the same: settings that are read again make another object of the same words. For how long is up to who asks. */
export const isSameGiver = (a: Giver, b: Giver): boolean =>
  a.name === b.name && JSON.stringify(a.means) === JSON.stringify(b.means);

/** What can be decided about givers. */
export type GiverDecision =
  /** Have these ready, and nobody else. Decided in calm only: starting processes takes memory. */
  | { readonly kind: "enlist"; readonly givers: readonly Giver[] }
  | {
      readonly kind: "ask";
      readonly giver: Giver;
      readonly alarm: Alarm;
      readonly headroom: KiB;
      /** What is missing until the alarm ends. */
      readonly wanted: KiB;
    }
  /** Stop it if it is still at it, wait for nothing, and forget what it was asked. */
  | { readonly kind: "dismiss"; readonly giver: Giver };

/** Whether a decision is about givers: all others are about victims. */
export const isAboutGivers = <D extends { readonly kind: string }>(decision: D): decision is D & GiverDecision =>
  decision.kind === "enlist" || decision.kind === "ask" || decision.kind === "dismiss";

/** Why a giver was not asked. */
export type Unready =
  /** It could not be made ready in calm, or has been asked since then. */
  | "not-ready"
  /** What it was asked before is still not over: it hangs. */
  | "busy";

/** A giver that could not be made ready, and why. */
export interface LackingGiver {
  readonly giver: Giver;
  readonly failure: SystemFailure;
}

/** How a giver came to its end. */
export type GiverEnding =
  | { readonly kind: "exited"; readonly status: number }
  | { readonly kind: "signalled"; readonly signal: string };

/** What a giver wrote, of which only the beginning is kept. */
export interface GiverOutput {
  readonly beginning: string;
  /** More than a pipe holds is not counted. */
  readonly bytes: number;
}

/** Where a giver stands that was asked. Held by the machine until it is dismissed. */
export type GiverReport = { readonly giver: string } & (
  | { readonly kind: "giving" }
  | {
      readonly kind: "done";
      readonly at: Milliseconds;
      readonly ending: GiverEnding;
      readonly output: GiverOutput;
    }
  | { readonly kind: "unready"; readonly why: Unready }
  /** A dry run: nobody was asked. */
  | { readonly kind: "rehearsed" }
);
