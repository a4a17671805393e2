import type { MemcgLimits } from "#domain/memcg.ts";
import { add, type KiB, kib, least, lessened } from "#domain/units.ts";

/**
 * What a memcg can hold in RAM and swap: the `totalpages` of its OOM. Undefined: it has no limit, and no OOM of its own.
 * Without swappiness nothing of it goes to swap; there is no more swap than the machine has.
 * @see v6.12 mm/memcontrol.c: mem_cgroup_get_max
 */
export function capacityOf(limits: MemcgLimits, totalSwap: KiB): KiB | undefined {
  const { memory, swappiness } = limits;
  if (memory === undefined || swappiness === 0) return memory;
  const swap = swapLimitOf(limits, memory);
  return add(memory, swap === undefined ? totalSwap : least(swap, totalSwap));
}

/** How much of a memcg can be swapped out at the most. */
export function swapCapacityOf(limits: MemcgLimits, totalSwap: KiB): KiB {
  const { memory, swappiness } = limits;
  if (swappiness === 0) return kib(0);
  const limit = limits.kind === "v1" && memory === undefined ? undefined : swapLimitOf(limits, memory ?? kib(0));
  return limit === undefined ? totalSwap : least(limit, totalSwap);
}

function swapLimitOf(limits: MemcgLimits, memory: KiB): KiB | undefined {
  if (limits.kind === "v2") return limits.swap;
  return limits.memoryAndSwap === undefined ? undefined : lessened(limits.memoryAndSwap, memory);
}
