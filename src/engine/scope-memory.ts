import type { WatchedMemcg } from "#domain/memcg.ts";
import type { Meminfo } from "#domain/meminfo.ts";
import { add, type KiB, kib, lessened, sum } from "#domain/units.ts";
import { availableMemory, heldMemory, measureHeadroom, type Reserves } from "./headroom.ts";
import { limitOf, measureMemcgHeadroom } from "./memcg-headroom.ts";

/** The memory of a scope as a look saw it. */
export interface ScopeMemory {
  /** How much more can be taken before nothing is left. */
  readonly headroom: KiB;
  /** What can be had without swapping. */
  readonly available: KiB;
  /** What only processes can give back. */
  readonly held: KiB;
}

/** The memory of the whole machine. */
export const measureMachine = (meminfo: Meminfo, reserves: Reserves): ScopeMemory => ({
  headroom: measureHeadroom(meminfo, reserves),
  available: availableMemory(meminfo, reserves),
  held: heldMemory(meminfo),
});

/** The memory of a memcg, within its limit. Undefined: it has none. */
export function measureMemcg(memcg: WatchedMemcg, { swapFree }: Meminfo): ScopeMemory | undefined {
  const headroom = measureMemcgHeadroom(memcg, swapFree);
  const limit = limitOf(memcg);
  if (headroom === undefined || limit === undefined) return undefined;
  const { usage, reclaimable, swapped = kib(0) } = memcg;
  const unreclaimable = lessened(usage, reclaimable);
  return { headroom, available: lessened(limit, unreclaimable), held: sum([unreclaimable, swapped]) };
}

/** What can be had and what is held: taking and freeing move memory between the two; their sum stays. */
export const balanceOf = ({ headroom, held }: ScopeMemory): KiB => add(headroom, held);
