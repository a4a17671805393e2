import type { KiB, Pid } from "./units.ts";

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
