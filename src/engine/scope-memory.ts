import { heldBy, sizeOf, type WatchedMemcg } from "#domain/memcg.ts";
import type { Meminfo } from "#domain/meminfo.ts";
import { add, type KiB, lessened } from "#domain/units.ts";
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

/** The memory of a memcg, within its limit; without one it may take all that the machine has left. */
export function measureMemcg(memcg: WatchedMemcg, { swapFree }: Meminfo, machine: ScopeMemory): ScopeMemory {
  const headroom = measureMemcgHeadroom(memcg, swapFree);
  const limit = limitOf(memcg);
  const held = heldBy(memcg);
  if (headroom === undefined || limit === undefined) return { ...machine, held };
  return { headroom, available: lessened(limit, sizeOf(memcg)), held };
}

/** What can be had and what is held: taking and freeing move memory between the two; their sum stays. */
export const balanceOf = ({ headroom, held }: ScopeMemory): KiB => add(headroom, held);
