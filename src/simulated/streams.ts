import {
  add,
  type KiB,
  kib,
  least,
  type Milliseconds,
  milliseconds,
  percent,
  percentOf,
  subtract,
} from "#domain/units.ts";
import { writableOn, write } from "./disks.ts";
import type { Kernel, Totals } from "./kernel.ts";
import type { SimulatedProcess } from "./process.ts";
import { advanceStream, isOver } from "./stream.ts";

const nothing = kib(0);

/** How fast the streams of a process fill memory. */
export function streamsPerSecond({ reads, writes, script }: SimulatedProcess): KiB {
  const reading = isOver(reads) || script.reads?.isDirect ? nothing : (reads?.perSecond ?? nothing);
  return isOver(writes) ? reading : add(reading, writes?.perSecond ?? nothing);
}

/** Until a stream comes to its end, if nothing holds it back. */
export function untilStreamEnds({ reads, writes }: SimulatedProcess): Milliseconds | undefined {
  let soonest: Milliseconds | undefined;
  for (const stream of [reads, writes]) {
    if (stream?.left === undefined || stream.left === 0) continue;
    const ends = milliseconds((stream.left / stream.perSecond) * 1000);
    soonest = soonest === undefined ? ends : least(soonest, ends);
  }
  return soonest;
}

/** Does as much of what its streams wanted: pages of files go to the cache, those of tmpfs stay. */
export function runStreams(
  kernel: Kernel,
  { reads, writes, script }: SimulatedProcess,
  { read, granted }: { readonly read: number; readonly granted: number },
): void {
  if (reads !== undefined && !isOver(reads)) {
    const isDirect = script.reads?.isDirect === true;
    const done = advanceStream(reads, isDirect ? read : read * granted);
    if (!isDirect) kernel.cache.inactive = add(kernel.cache.inactive, done);
  }
  if (writes === undefined || isOver(writes)) return;
  const done = advanceStream(writes, granted);
  const set = script.writes?.to === "tmpfs" ? kernel.tmpfs : kernel.cache;
  set.inactive = add(set.inactive, done);
  if (set === kernel.cache) set.dirty = add(set.dirty, done);
}

/** vm.dirty_background_ratio and vm.dirty_ratio: shares of what could be had. */
const backgroundRatio = percent(10);
const dirtyRatio = percent(20);

const availableFor = ({ free, activeFile, inactiveFile }: Totals): KiB => add(free, add(activeFile, inactiveFile));

/** Who writes faster than the disk waits, once so much is dirty. @see mm/page-writeback.c: balance_dirty_pages */
export const isThrottled = ({ cache }: Kernel, totals: Totals): boolean =>
  cache.dirty > percentOf(dirtyRatio, availableFor(totals));

/** Writes dirty pages back with what time the disk has left; from the background ratio on, or when reclaim wants it, with a claim to it. */
export function writeBack({ cache, disks, isKswapdAwake }: Kernel, totals: Totals): void {
  if (cache.dirty === 0) return;
  const isUrgent = isKswapdAwake || cache.dirty > percentOf(backgroundRatio, availableFor(totals));
  const amount = isUrgent ? cache.dirty : least(cache.dirty, writableOn(disks.files));
  cache.dirty = subtract(cache.dirty, write(disks.files, amount));
}
