import type { CgroupPath, KiB, Microseconds, Percent, Pid } from "./units.ts";

/** What whoever made a cgroup wants to become of it when others could go as well. Of a parent it holds for all below it. */
export type MemcgPreference =
  /** Before any other of the same parent. */
  | "prefer"
  | "none"
  /** Only when no other of the same parent is left. */
  | "avoid"
  /** Never. */
  | "omit";

/** What a cgroup has read and written since it was made, in bytes and in requests. */
export interface IoCounts {
  readonly readBytes: number;
  readonly writtenBytes: number;
  readonly discardedBytes: number;
  readonly reads: number;
  readonly writes: number;
  readonly discards: number;
}

/** A watched memcg, or a cgroup somewhere inside of one: what they are compared by when one of them is to go. */
export interface Branch {
  readonly path: CgroupPath;
  /** The one right above it. Absent: it is the watched memcg itself. */
  readonly parent?: CgroupPath;
  /** Of the cgroup and of all below it. */
  readonly members: ReadonlySet<Pid>;
  readonly usage: KiB;
  /** Of `usage`, what the kernel can drop without writing it anywhere. */
  readonly reclaimable: KiB;
  /** Absent without swap accounting. */
  readonly swapped: KiB | undefined;
  /** What it was promised of its usage: the larger of `memory.min` and `memory.low`. */
  readonly promised: KiB;
  /** `full` of its memory pressure since it was made. Absent with v1, and where PSI is off. */
  readonly stalled: Microseconds | undefined;
  /** Pages that were scanned to reclaim from it, since it was made. Absent with v1. */
  readonly pgscan: number | undefined;
  /** Absent with v1, and where the io controller is not enabled. */
  readonly io: IoCounts | undefined;
  /** `memory.oom.group`: a part of it does not die alone. */
  readonly diesWhole: boolean;
  readonly preference: MemcgPreference;
}

/** What one of several cgroups is chosen by. */
export const rankerNames = ["size", "growth", "swap", "pressure", "pgscan", "io-cost"] as const;
/** One of {@link rankerNames}. */
export type RankerName = (typeof rankerNames)[number];

/** A watched memcg with all cgroups inside of it, in no order. */
export interface BranchTree {
  readonly path: CgroupPath;
  readonly branches: readonly Branch[];
}

/** A cgroup in its place, with all that it could be ranked by. */
export interface RankedBranch {
  readonly path: CgroupPath;
  readonly preference: MemcgPreference;
  /** Of its usage, what it was not promised. */
  readonly unprotected: KiB;
  readonly swapped: KiB;
  /** Absent: it was looked at once only, and nobody can tell how fast its counters run. */
  readonly rates?: BranchRates;
}

/** How fast the counters of a cgroup run, in a second. */
export interface BranchRates {
  /** What its members hold in RAM and swap. Negative: they gave some back. */
  readonly growth: number;
  /** Share of the time in which all its tasks waited for memory. */
  readonly stalled: Percent;
  /** Pages scanned. */
  readonly pgscan: number;
  /** Milliseconds of a solid-state disk's time. */
  readonly ioCost: number;
}

/** Why it is this cgroup of a watched memcg from which somebody goes. */
export interface BranchChoice {
  readonly by: RankerName;
  readonly path: CgroupPath;
  /** The first ones, in the order in which they would have been taken; the chosen one is among them. */
  readonly ranking: readonly RankedBranch[];
}
