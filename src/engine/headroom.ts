import type { Arc } from "#domain/arc.ts";
import type { Meminfo } from "#domain/meminfo.ts";
import { knownValue, type Snapshot } from "#domain/snapshot.ts";
import type { Swaps } from "#domain/swaps.ts";
import { add, type KiB, kib, least, lessened, sum } from "#domain/units.ts";
import { worthOfFreeSwap } from "./free-swap.ts";

/** What headroom consists of besides what meminfo tells. Undefined: not read yet, or not there. */
export interface Reserves {
  readonly swaps: Swaps | undefined;
  readonly arc: Arc | undefined;
}

/** Before anything was read. */
export const noReserves: Reserves = { swaps: undefined, arc: undefined };

/** Those of a look, and those remembered where it did not ask, or was not answered. */
export const currentReserves = ({ swaps, arc }: Snapshot, remembered: Reserves): Reserves => ({
  swaps: knownValue(swaps) ?? remembered.swaps,
  arc: arc?.kind === "known" ? arc.value : remembered.arc,
});

/**
 * What the cache of ZFS gives back when asked, as its shrinker computes it: down to its minimum, and never what is held or
 * changed. None of these pages is on a list that MemAvailable is made of, with any release of OpenZFS: since 2.3 they are
 * allocated as reclaimable, which is counted nowhere. What has been in reclaimable slabs since then is not evictable data.
 * @see OpenZFS module/os/linux/zfs/arc_os.c: arc_evictable_memory, abd_os.c: abd_alloc_chunks
 */
function evictableArc({ size, minimum, evictable }: Arc): KiB {
  const aboveMinimum = lessened(size, minimum);
  return evictable === undefined ? aboveMinimum : least(aboveMinimum, evictable);
}

/**
 * What can be had without swapping. The kernel's own estimate where there is one, otherwise the estimate it replaced: free
 * memory and the page cache, without what only looks like page cache (shmem, tmpfs). The cache of ZFS comes on top.
 * @see v3.14 commit 34e431b0ae39 (/proc/meminfo: provide estimated available memory)
 */
export function availableMemory(meminfo: Meminfo, { arc }: Pick<Reserves, "arc">): KiB {
  const seen = meminfo.available ?? lessened(sum([meminfo.free, meminfo.buffers, meminfo.cached]), meminfo.shmem);
  return least(meminfo.total, arc === undefined ? seen : add(seen, evictableArc(arc)));
}

/** Memory that only processes can give back: anonymous, shared, and swapped out. */
export const heldMemory = (meminfo: Meminfo): KiB =>
  sum([meminfo.anon, meminfo.shmem, lessened(meminfo.swapTotal, meminfo.swapFree)]);

/**
 * What programs can share among themselves: the base of every percentage. Memory the kernel keeps is left out, and so are
 * pools of huge pages: they are in none of the three.
 */
export const userMemory = (meminfo: Meminfo, reserves: Pick<Reserves, "arc">): KiB =>
  sum([availableMemory(meminfo, reserves), meminfo.anon, meminfo.shmem]);

/** RAM that is handed out page by page: all of it but the pools of huge pages. */
export const ordinaryRam = ({ total, hugetlb }: Meminfo): KiB => lessened(total, hugetlb ?? kib(0));

/** RAM and swap: the kernel's `totalpages` of a global OOM. @see mm/oom_kill.c: constrained_alloc */
export const totalMemory = (meminfo: Meminfo): KiB => add(meminfo.total, meminfo.swapTotal);

/** How much more memory programs can take before nothing is left: the one number of the zone most users see. */
export const measureHeadroom = (meminfo: Meminfo, reserves: Reserves): KiB =>
  kib(least(totalMemory(meminfo), add(availableMemory(meminfo, reserves), worthOfFreeSwap(meminfo, reserves.swaps))));
