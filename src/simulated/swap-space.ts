import {
  add,
  type KiB,
  kib,
  kibToPages,
  least,
  lessened,
  type Milliseconds,
  mib,
  scale,
  subtract,
  sum,
} from "#domain/units.ts";
import { type Disk, wantToWrite, writableOn, write } from "./disks.ts";
import type { Kernel } from "./kernel.ts";
import type { SwapDevice } from "./swap-device.ts";

/** Compression of one processor, with lz4 (default of zram where a scenario names none). */
const compressedPerSecond = mib(1024);

/** What fits onto a device. */
const capacityOf = ({ script }: SwapDevice): KiB =>
  script.kind === "zram" && script.memLimit !== undefined
    ? least(script.size, scale(script.memLimit, script.ratio))
    : script.size;

const roomOn = (device: SwapDevice): KiB =>
  device.state === "on" ? lessened(capacityOf(device), device.used) : kib(0);

/** What SwapTotal says: of a device that leaves, only what is still on it. @see mm/swapfile.c: si_swapinfo */
export function swapTotalOf({ swaps }: Kernel): KiB {
  let total = kib(0);
  for (const { state, script, used } of swaps) {
    if (state === "on") total = add(total, script.size);
    if (state === "leaving") total = add(total, used);
  }
  return total;
}

/** What could still be swapped out, speed aside. */
export const swapRoomOf = ({ swaps }: Kernel): KiB => sum(swaps.map(roomOn));

/** Whether there is a slot left, be it one whose page would not fit: a zram device at its `mem_limit` still has slots. @see include/linux/swap.h: get_nr_swap_pages */
export const hasFreeSlot = ({ swaps, scenario: { pageSize } }: Kernel): boolean =>
  swaps.some(({ state, script, used }) => state === "on" && kibToPages(lessened(script.size, used), pageSize) > 0);

/** How much of what is swapped out costs no RAM, at the margin. */
function savingOf({ scenario: { zswap }, zswapped }: Kernel, { script }: SwapDevice): number {
  if (script.kind === "zram") return 1 - 1 / script.ratio;
  const isCompressed = zswap !== undefined && zswapped < scale(zswap.maxPool, zswap.ratio);
  return isCompressed ? 1 - 1 / zswap.ratio : 1;
}

/** How much could be swapped out in a span by so many reclaimers at once, given what its disks can still write. */
export function swapOutWithin(kernel: Kernel, span: Milliseconds, reclaimers: number): KiB {
  let within = kib(0);
  for (const device of kernel.swaps) {
    const room = roomOn(device);
    if (room > 0) within = add(within, least(room, speedOf(kernel, device, { span, reclaimers })));
  }
  return within;
}

/** Reclaim would swap out so much more if the disks were faster: in the next step they keep time for it. */
export function wantToSwapOut(kernel: Kernel, amount: KiB): void {
  for (const device of kernel.swaps) {
    const disk = kernel.disks.swap.get(device.script);
    if (disk !== undefined && roomOn(device) > 0) wantToWrite(disk, amount);
  }
}

interface Effort {
  readonly span: Milliseconds;
  readonly reclaimers: number;
}

function speedOf(kernel: Kernel, { script }: SwapDevice, { span, reclaimers }: Effort): KiB {
  const { zswap } = kernel.scenario;
  const compressed = scale(
    script.kind === "zram" ? (script.perSecond ?? compressedPerSecond) : compressedPerSecond,
    (span / 1000) * reclaimers,
  );
  if (script.kind === "zram") return compressed;
  const disk = kernel.disks.swap.get(script);
  const written = disk === undefined ? kib(0) : writableOn(disk);
  if (zswap === undefined) return written;
  const pool = lessened(scale(zswap.maxPool, zswap.ratio), kernel.zswapped);
  return least(compressed, add(pool, written));
}

/** Puts so much onto swap, by priority. Returns what RAM is free for it. */
export function swapOut(kernel: Kernel, amount: KiB): KiB {
  let left = amount;
  let freed = kib(0);
  for (const device of kernel.swaps) {
    const stored = least(left, roomOn(device));
    if (stored === 0) continue;
    freed = add(freed, scale(stored, savingOf(kernel, device)));
    device.used = add(device.used, stored);
    left = subtract(left, stored);
    if (device.script.kind === "disk") writeOut(kernel, device, stored);
  }
  return freed;
}

/** What zswap has no room for goes to disk. */
function writeOut(kernel: Kernel, { script }: SwapDevice, stored: KiB): void {
  const { zswap } = kernel.scenario;
  const pool = zswap === undefined ? kib(0) : lessened(scale(zswap.maxPool, zswap.ratio), kernel.zswapped);
  const compressed = least(stored, pool);
  kernel.zswapped = add(kernel.zswapped, compressed);
  const disk = kernel.disks.swap.get(script);
  if (disk !== undefined) write(disk, subtract(stored, compressed));
}

/** Takes so much off swap, from all devices alike: it was read back, or nobody needs it any more. */
export function freeSwap(kernel: Kernel, amount: KiB): void {
  const used = sum(kernel.swaps.map((device) => device.used));
  const kept = used <= amount ? 0 : 1 - amount / used;
  for (const device of kernel.swaps) device.used = scale(device.used, kept);
  kernel.zswapped = scale(kernel.zswapped, kept);
}

/** Where what is read back comes from: shares of the whole. */
export interface SwapOrigin {
  /** On a disk, by device. */
  readonly disks: readonly { readonly disk: Disk; readonly part: number }[];
  /** Compressed in RAM. */
  readonly compressed: number;
}

/** Where swapped pages lie. What zswap holds of them is taken for spread evenly. */
export function swapOrigin(kernel: Kernel): SwapOrigin {
  let [used, onDisks] = [0, 0];
  for (const device of kernel.swaps) {
    used += device.used;
    if (device.script.kind === "disk") onDisks += device.used;
  }
  if (used === 0) return { disks: [], compressed: 0 };
  const written = onDisks === 0 ? 0 : Math.max(0, 1 - kernel.zswapped / onDisks);
  const disks = kernel.swaps.flatMap((device) => {
    const disk = kernel.disks.swap.get(device.script);
    return disk === undefined || device.used === 0 ? [] : [{ disk, part: (device.used / used) * written }];
  });
  return { disks, compressed: 1 - (onDisks / used) * written };
}

/** Switches devices on and off as they are due. */
export function switchSwaps(kernel: Kernel): void {
  for (const device of kernel.swaps) {
    const { swaponAt, swapoffAt } = device.script;
    if (device.state === "not-yet" && swaponAt !== undefined && swaponAt <= kernel.now) device.state = "on";
    if (device.state === "on" && swapoffAt !== undefined && swapoffAt <= kernel.now) device.state = "leaving";
    if (device.state === "leaving" && device.used < 1) {
      device.used = kib(0);
      device.state = "gone";
    }
  }
}
