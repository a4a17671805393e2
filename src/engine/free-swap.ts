import type { Meminfo } from "#domain/meminfo.ts";
import type { StoredOnZram, SwapDevice, Swaps, Zswap } from "#domain/swaps.ts";
import { add, type KiB, kib, least, lessened, mib, percentOf, ratio, scale, subtract, sum } from "#domain/units.ts";

/** What zram and zswap are taken to need of RAM for a page, as a share of it, until they tell: 3:1, as lzo-rle makes of heaps. */
const assumedCost = 1 / 3;

/** As if this much had been stored at the assumed cost before: a little data tells a little. */
const assumedBefore = mib(64);

/** What storing takes, as a share of what is stored. Never more than all: a page that does not compress is kept as it is. */
function costOf({ original, occupied }: Pick<StoredOnZram, "original" | "occupied">): number {
  const taken = add(occupied, scale(assumedBefore, assumedCost));
  return Math.min(1, ratio(taken, add(original, assumedBefore)));
}

const freeOn = ({ size, used }: SwapDevice): KiB => lessened(size, used);

/** What filling a zram device would leave as gain, after the RAM that this takes. What its `mem_limit` keeps out is no gain. */
export function gainOnZram(device: SwapDevice): KiB {
  const { stored } = device;
  if (stored === undefined) return scale(freeOn(device), 1 - assumedCost);
  const cost = costOf(stored);
  const fits = stored.limit === undefined ? freeOn(device) : scale(lessened(stored.limit, stored.occupied), 1 / cost);
  return scale(least(freeOn(device), fits), 1 - cost);
}

/**
 * zswap is a cache in front of disk swap: a page in its pool owns a slot on disk as well. What is written from now on takes RAM
 * until the pool is full; then older pages go on to their slots, so that a full pool is all it ever costs.
 * @see v6.12 mm/zswap.c: zswap_max_pages, shrink_worker
 */
function costOfZswap(free: KiB, { maxPool }: Zswap, meminfo: Meminfo): KiB {
  const pool = { original: meminfo.zswapped ?? kib(0), occupied: meminfo.zswap ?? kib(0) };
  return least(scale(free, costOf(pool)), lessened(percentOf(maxPool, meminfo.total), pool.occupied));
}

/** Whether the list is of another moment than meminfo: a device came or went in between, or is on its way out. */
export const isOutOfDate = ({ devices }: Swaps, { swapTotal }: Meminfo): boolean =>
  sum(devices.map(({ size }) => size)) !== swapTotal;

/**
 * What free swap is worth: all of it on disk, less what zswap keeps in RAM; on zram, what compression gains.
 * @param swaps undefined: not read yet; all free swap is then taken for swap on disk.
 */
export function worthOfFreeSwap(meminfo: Meminfo, swaps: Swaps | undefined): KiB {
  if (swaps === undefined) return meminfo.swapFree;
  const zrams = swaps.devices.filter(({ kind }) => kind === "zram");
  const listed = sum(zrams.map(freeOn));
  // Of a device that swapoff is emptying nothing is free: v6.18 mm/swapfile.c: si_swapinfo(), seen in the conformance tests.
  const free = meminfo.swapFree;
  // The list is older than meminfo. What was taken since is taken for disk: it counts more, so that this errs on the safe side.
  const onZram = least(listed, free);
  const onDisk = subtract(free, onZram);
  const gained = scale(sum(zrams.map(gainOnZram)), ratio(onZram, listed));
  const kept = swaps.zswap === undefined ? kib(0) : costOfZswap(onDisk, swaps.zswap, meminfo);
  return add(lessened(onDisk, kept), gained);
}
