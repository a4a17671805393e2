import type { Pressure } from "./pressure.ts";
import { add, type CgroupPath, type KiB, kib, lessened, type Pid } from "./units.ts";

/** A cgroup seen as the scope of an OOM: who may be chosen in it, and how much it may hold. */
export interface Memcg {
  /** Of the cgroup and of all below it. */
  readonly members: ReadonlySet<Pid>;
  readonly limits: MemcgLimits;
}

/** What one memcg may hold; those above it do not count in its OOM. An undefined amount is no limit. */
export type MemcgLimits =
  /** `memoryAndSwap` bounds both together. */
  | {
      readonly kind: "v1";
      readonly memory: KiB | undefined;
      readonly memoryAndSwap: KiB | undefined;
      readonly swappiness: number;
    }
  /** `swap` bounds swap alone. */
  | {
      readonly kind: "v2";
      readonly memory: KiB | undefined;
      readonly swap: KiB | undefined;
      readonly swappiness: number;
    };

/** Counters of one memcg and all below it, since it was made. cgroup v1 counts few of them. */
export interface MemcgEvents {
  /** Reclaimed although below `memory.low`. Absent with v1. */
  readonly low: number | undefined;
  /** Throttled above `memory.high`. Absent with v1. */
  readonly high: number | undefined;
  /** Ran into `memory.max`; with v1, into its limit. */
  readonly max: number;
  /** Reclaim did not help. Absent with v1. */
  readonly oom: number | undefined;
  /** Processes killed by the kernel. Absent before Linux 4.13. */
  readonly oomKill: number | undefined;
}

/** Who is in a memcg. */
export interface MemcgMembers {
  readonly path: CgroupPath;
  /** Of the cgroup and of all below it. */
  readonly members: ReadonlySet<Pid>;
}

/** Who belongs to which memcg, as far as it matters to whoever chooses a victim. */
export interface Membership {
  /** Of the memcgs that are watched. */
  readonly watched: readonly MemcgMembers[];
  /** Of the memcgs that die as a whole, if they die (`memory.oom.group`, cgroup v2 only). */
  readonly groups: readonly MemcgMembers[];
}

/** Whether a memcg that was named is watched, or why not. */
export type MemcgStanding =
  | "watched"
  /** No cgroup of that name is there now; one may come. */
  | "absent"
  /** It has no limit, and so no shortage of its own. */
  | "unlimited"
  /** Its limit is so small that with the watermarks it was given it would never be without an alarm. */
  | "limit-too-small";

/** A memcg that was named to be watched. */
export interface WatchedMemcg {
  /** The name, or pattern of names, by which it is watched: the first that fits. */
  readonly named: string;
  /** From the root of the hierarchy that controls memory. */
  readonly path: CgroupPath;
  /** All that is charged to it and to those below it: anonymous, files, shared, and the kernel's for it. */
  readonly usage: KiB;
  /** What of it is in swap. Absent without swap accounting. */
  readonly swapped: KiB | undefined;
  readonly limits: MemcgLimits;
  /** `memory.high`, where it is slowed down. Undefined: no such mark, as always with v1. */
  readonly high: KiB | undefined;
  /** Of `usage`, what the kernel can drop without writing it anywhere: clean pages of files. */
  readonly reclaimable: KiB;
  readonly events: MemcgEvents;
  /** Absent with v1, and where PSI is off. */
  readonly pressure: Pressure | undefined;
}

/** What of a memcg in RAM the kernel cannot simply drop: only its members can give it back, or swap can take it. */
export const sizeOf = ({ usage, reclaimable }: Pick<WatchedMemcg, "usage" | "reclaimable">): KiB =>
  lessened(usage, reclaimable);

/** What only the members of a memcg can give back, in RAM and in swap. */
export const heldBy = (memcg: Pick<WatchedMemcg, "usage" | "reclaimable" | "swapped">): KiB =>
  add(sizeOf(memcg), memcg.swapped ?? kib(0));
