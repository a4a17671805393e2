import type { Meminfo } from "#domain/meminfo.ts";
import type { SwapDevice, Swaps } from "#domain/swaps.ts";
import { add, type KiB, kib, least, lessened, scale, subtract, sum } from "#domain/units.ts";

/** Of what is written to zram, this share costs no RAM: 1 − 1/3, the ratio assumed until a device tells its own. */
const zramSaving = 2 / 3;

/**
 * What can be had without swapping. The kernel's own estimate where there is one, otherwise the estimate it replaced:
 * free memory and the page cache, without what only looks like page cache (shmem).
 * @see v3.14 commit 34e431b0ae39 (/proc/meminfo: provide estimated available memory)
 */
export const availableMemory = (meminfo: Meminfo): KiB =>
  meminfo.available ?? lessened(sum([meminfo.free, meminfo.buffers, meminfo.cached]), meminfo.shmem);

/** Memory that only processes can give back: anonymous, shared, and swapped out. */
export const heldMemory = (meminfo: Meminfo): KiB =>
  sum([meminfo.anon, meminfo.shmem, lessened(meminfo.swapTotal, meminfo.swapFree)]);

/** What programs can share among themselves: the base of every percentage. Memory the kernel keeps is left out. */
export const userMemory = (meminfo: Meminfo): KiB => sum([availableMemory(meminfo), meminfo.anon, meminfo.shmem]);

/** RAM and swap: the kernel's `totalpages` of a global OOM. @see mm/oom_kill.c: constrained_alloc */
export const totalMemory = (meminfo: Meminfo): KiB => add(meminfo.total, meminfo.swapTotal);

const freeOn = ({ size, used }: SwapDevice): KiB => lessened(size, used);

/** Free swap that is not a claim on RAM: all of it on disks, a part of it on zram. */
function freeSwap(meminfo: Meminfo, swaps: Swaps | undefined): KiB {
  const onZram = sum((swaps?.devices ?? []).filter((device) => device.kind === "zram").map(freeOn));
  const costless = least(onZram, meminfo.swapFree);
  return kib(subtract(meminfo.swapFree, scale(costless, 1 - zramSaving)));
}

/**
 * How much more memory programs can take before nothing is left: the one number of the zone most users see.
 * @param swaps undefined: not read yet; all free swap is then taken for swap on disk.
 */
export const measureHeadroom = (meminfo: Meminfo, swaps: Swaps | undefined): KiB =>
  add(availableMemory(meminfo), freeSwap(meminfo, swaps));
