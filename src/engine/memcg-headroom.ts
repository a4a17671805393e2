import type { WatchedMemcg } from "#domain/memcg.ts";
import { type KiB, kib, least, lessened, sum } from "#domain/units.ts";

/**
 * Where a memcg comes to a standstill: at its limit the kernel's OOM waits, and above `memory.high` whoever takes memory is
 * slowed down until hardly anything happens. Undefined: it has neither.
 * @see v6.12 mm/memcontrol.c: mem_cgroup_handle_over_high
 */
export function limitOf({ limits: { memory }, high }: Pick<WatchedMemcg, "limits" | "high">): KiB | undefined {
  return memory === undefined || high === undefined ? (memory ?? high) : least(memory, high);
}

/**
 * How much more a memcg can take before it is at its limit with nothing left that the kernel could drop or swap out for it.
 * Undefined: it has no limit. Limits above it are not its own: whoever is watched should be the one that is limited.
 * @param swapFree all free slots of the machine: what zram takes of RAM for them is charged to nobody.
 */
export function measureMemcgHeadroom(memcg: WatchedMemcg, swapFree: KiB): KiB | undefined {
  const { usage, reclaimable } = memcg;
  const limit = limitOf(memcg);
  if (limit === undefined) return undefined;
  const free = lessened(limit, usage);
  return sum([free, least(reclaimable, usage), least(swapFree, swapLeft(memcg, free))]);
}

/** Without swappiness a memcg at its limit drops files only. @see v6.12 mm/vmscan.c: get_scan_count */
function swapLeft({ limits, usage, swapped = kib(0) }: WatchedMemcg, free: KiB): KiB {
  if (limits.swappiness === 0) return kib(0);
  if (limits.kind === "v2") return limits.swap === undefined ? unbounded : lessened(limits.swap, swapped);
  // v1 bounds the sum: what is left of it, less what still fits into memory.
  const { memoryAndSwap } = limits;
  return memoryAndSwap === undefined ? unbounded : lessened(memoryAndSwap, sum([usage, swapped, free]));
}

const unbounded = kib(Number.MAX_SAFE_INTEGER);
