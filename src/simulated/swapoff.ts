import {
  add,
  type KiB,
  kib,
  least,
  lessened,
  type Milliseconds,
  percent,
  percentOf,
  scale,
  subtract,
  sum,
} from "#domain/units.ts";
import { writableOn, write } from "./disks.ts";
import { freeOf, type Kernel } from "./kernel.ts";
import { changeAll } from "./lists.ts";
import { isThere, type SwapDevice } from "./swap-device.ts";

/** Pages are looked for and read one by one: a fifth of what the disk could read in order (HDD and SSD alike in reports of users). */
const ofBandwidth = percent(20);

/** Reads back what lies on devices that leave, as fast as disks and free memory let it. @see mm/swapfile.c: try_to_unuse */
export function emptyLeavingSwap(kernel: Kernel, span: Milliseconds): void {
  for (const device of kernel.swaps) if (device.state === "leaving" && device.used > 0) readBack(kernel, device, span);
}

function readBack(kernel: Kernel, device: SwapDevice, span: Milliseconds): void {
  const disk = kernel.disks.swap.get(device.script);
  const speed = disk === undefined ? scale(kernel.scenario.diskPerSecond, span / 1000) : writableOn(disk);
  const room = lessened(freeOf(kernel), kernel.marks.min);
  const amount = least(device.used, least(room, percentOf(ofBandwidth, speed)));
  if (amount === 0) return;
  if (disk !== undefined) write(disk, amount);
  const used = sum(kernel.swaps.filter(isThere).map((each) => each.used));
  device.used = subtract(device.used, amount);
  if (device.script.kind === "disk") kernel.zswapped = least(kernel.zswapped, usedOnDisks(kernel));
  bringBack(kernel, amount, used);
  kernel.counters.swappedIn = add(kernel.counters.swappedIn, amount);
}

const usedOnDisks = ({ swaps }: Kernel): KiB =>
  sum(swaps.map(({ script, used }) => (script.kind === "disk" ? used : kib(0))));

/** Everybody gets back the same share of what is swapped out. */
function bringBack({ lru }: Kernel, amount: KiB, used: KiB): void {
  const part = Math.min(1, amount / used);
  changeAll(lru.anon, (set) => {
    if (set.evicted === 0) return;
    const came = scale(set.evicted, part);
    set.evicted = subtract(set.evicted, came);
    set.inactive = add(set.inactive, came);
  });
}
