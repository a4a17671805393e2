import type { WatchedMemcg } from "#domain/memcg.ts";
import { type KiB, kib, least, lessened, sum } from "#domain/units.ts";

/**
 * How much more a memcg can take before its own OOM: up to its limit, what the kernel drops for it, and swap. Undefined: it has
 * no limit. Limits above it are not its own: whoever is watched should be the one that is limited.
 * @param swapFree all free slots of the machine: what zram takes of RAM for them is charged to nobody.
 */
export function measureMemcgHeadroom(memcg: WatchedMemcg, swapFree: KiB): KiB | undefined {
  const { limits, usage, reclaimable } = memcg;
  if (limits.memory === undefined) return undefined;
  const free = lessened(limits.memory, usage);
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
