import type { MemcgLimits } from "#domain/memcg.ts";
import { add, type KiB, least, lessened } from "#domain/units.ts";

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

function swapLimitOf(limits: MemcgLimits, memory: KiB): KiB | undefined {
  if (limits.kind === "v2") return limits.swap;
  return limits.memoryAndSwap === undefined ? undefined : lessened(limits.memoryAndSwap, memory);
}
