import { add, type KiB, kib, least, lessened, scale, subtract, sum } from "#domain/units.ts";
import { anonOf, filesOf, type Kernel, swapFreeOf, totalOf } from "./kernel.ts";
import type { SimulatedProcess } from "./process.ts";

/** Who reclaims: the kernel's thread in the background, or whoever wants memory and waits for it. */
export type Reclaimer = "kswapd" | "direct";

/** What one pass of reclaim is to get, and what it may write to swap for it. */
export interface ReclaimRequest {
  readonly by: Reclaimer;
  readonly wanted: KiB;
  readonly swapOut: KiB;
}

/** What a pass got. */
export interface Reclaimed {
  readonly taken: KiB;
  readonly swappedOut: KiB;
}

/** vm.swappiness, as every distribution leaves it: files are taken (200 − 60) : 60 before anonymous memory of equal size. */
const swappiness = 60;

/** Pages taken in one round of direct reclaim. @see include/linux/swap.h: SWAP_CLUSTER_MAX */
const clusterKib = 32 * 4;

/** What reclaim could still get: what the kernel asks before it gives up. @see mm/page_alloc.c: should_reclaim_retry */
export function reclaimableOf(kernel: Kernel): KiB {
  const swappable = least(totalOf(kernel, anonOf), swapFreeOf(kernel));
  return sum([kernel.coldCache, totalOf(kernel, filesOf), swappable]);
}

/** Takes memory back: files nobody works on, then working sets and anonymous memory side by side. */
export function reclaim(kernel: Kernel, request: ReclaimRequest): Reclaimed {
  const cold = least(kernel.coldCache, request.wanted);
  kernel.coldCache = subtract(kernel.coldCache, cold);
  const hot = cold < request.wanted ? reclaimHot(kernel, request, subtract(request.wanted, cold)) : nothing;
  const taken = add(cold, hot.taken);
  count(kernel, request, taken);
  return { taken, swappedOut: hot.swappedOut };
}

const nothing: Reclaimed = { taken: kib(0), swappedOut: kib(0) };

function reclaimHot(kernel: Kernel, request: ReclaimRequest, wanted: KiB): Reclaimed {
  const anon = totalOf(kernel, anonOf);
  const files = totalOf(kernel, filesOf);
  const canSwap = least(least(anon, swapFreeOf(kernel)), request.swapOut);
  const anonWeight = canSwap > 0 ? anon * swappiness : 0;
  const fileWeight = files * (200 - swappiness);
  const anonShare = anonWeight + fileWeight === 0 ? 0 : anonWeight / (anonWeight + fileWeight);
  const planned = least(scale(wanted, anonShare), canSwap);
  const evicted = least(subtract(wanted, planned), files);
  // A working set that has run out leaves the rest to swap.
  const swapped = least(subtract(wanted, evicted), canSwap);
  if (evicted > 0) evictFiles(kernel, evicted / files);
  if (swapped > 0) swapOut(kernel, swapped / anon);
  kernel.counters.swappedOut = add(kernel.counters.swappedOut, swapped);
  return { taken: add(evicted, swapped), swappedOut: swapped };
}

function evictFiles(kernel: Kernel, part: number): void {
  for (const { mm } of ownersIn(kernel)) {
    const evicted = scale(mm.files, part);
    mm.files = lessened(mm.files, evicted);
    mm.evictedFiles = add(mm.evictedFiles, evicted);
  }
}

function swapOut(kernel: Kernel, part: number): void {
  for (const { mm } of ownersIn(kernel)) {
    const swapped = scale(mm.anon, part);
    mm.anon = lessened(mm.anon, swapped);
    mm.swapped = add(mm.swapped, swapped);
  }
}

const ownersIn = ({ processes }: Kernel): readonly SimulatedProcess[] =>
  processes.filter((process) => process.mm.owner === process);

/** What is wanted is scanned; what is got is stolen. */
function count({ counters }: Kernel, { by, wanted }: ReclaimRequest, taken: KiB): void {
  if (by === "kswapd") {
    counters.scannedByKswapd = add(counters.scannedByKswapd, wanted);
    counters.stolenByKswapd = add(counters.stolenByKswapd, taken);
  } else {
    counters.scannedDirectly = add(counters.scannedDirectly, wanted);
    counters.stolenDirectly = add(counters.stolenDirectly, taken);
    counters.allocationStalls += wanted / clusterKib;
  }
}
