import { add } from "#domain/units.ts";
import type { Kernel } from "./kernel.ts";
import { changeAll } from "./lists.ts";
import { rouseBereft } from "./roused.ts";
import { wakeAfterSleep } from "./wakes.ts";
import { evictAll } from "./working-set.ts";

/** Sleeps when it is time to: the clock jumps and nothing else does, as in a guest that is paused. */
export function sleepIfDue(kernel: Kernel): void {
  for (let next = kernel.suspends[0]; next !== undefined && next.at <= kernel.now; next = kernel.suspends[0]) {
    kernel.suspends.shift();
    kernel.events.push({ at: kernel.now, kind: "suspended", for: next.for });
    kernel.now = add(kernel.now, next.for);
    for (const { wakes } of kernel.processes) if (wakes !== undefined) wakeAfterSleep(wakes, next.for);
    if (next.dropsCaches) dropCaches(kernel);
  }
}

/** What hibernation keeps on disk is small: the page cache goes, and shadows tell that it was there. @see mm/vmscan.c: shrink_all_memory */
function dropCaches(kernel: Kernel): void {
  const { lru, reclaim } = kernel;
  changeAll(lru.file, (set) => evictAll(set, reclaim.age));
  reclaim.hasTakenUsed = true;
  rouseBereft(kernel);
}
