import { add, greatest, type KiB, kib, least, lessened, scale, subtract } from "#domain/units.ts";
import type { Kernel } from "./kernel.ts";
import { activeRatio, changeAll, type ListPair, type ListSizes, type SetList } from "./lists.ts";
import { noteCost, type ReclaimState } from "./reclaim-state.ts";
import { swapOut, swapRoomOf } from "./swap-space.ts";
import { noteEvicted, residentOf, usedWithin, type WorkingSet } from "./working-set.ts";

const nothing = kib(0);

/** What a scan came to. */
export interface Scan {
  readonly scanned: KiB;
  readonly freed: KiB;
}

/** What is to be scanned. */
export interface ScanPlan {
  readonly amount: KiB;
  /** Kept true to what is done. */
  readonly sizes: ListSizes;
}

/** How long a page was on the inactive list when its turn comes. Unknown at first: as long as anybody uses it in, it was used. */
const secondsOn = (list: ListPair, { inactive }: ListSizes, scanned: KiB): number =>
  inactive / Math.max(list.scannedPerSecond, scanned, 1);

/** Of what is scanned, what was used goes back to the active list, what is dirty stays, and the rest is dropped. */
export function scanFile({ reclaim: state }: Kernel, list: SetList, { amount, sizes }: ScanPlan): Scan {
  const scanned = least(amount, sizes.inactive);
  if (scanned === 0) return { scanned, freed: nothing };
  const seconds = secondsOn(state.file, sizes, scanned);
  const share = scanned / sizes.inactive;
  let [freed, rotated] = [nothing, nothing];
  changeAll(list, (set) => {
    if (set.inactive === 0) return;
    const part = scale(set.inactive, share);
    const used = scale(part, usedWithin(set, seconds));
    const clean = set.dirty === 0 ? 1 : 1 - Math.min(1, set.dirty / residentOf(set));
    const dropped = scale(subtract(part, used), clean);
    set.inactive = lessened(set.inactive, add(used, dropped));
    set.active = add(set.active, used);
    // What nobody goes through again is missed by nobody.
    if (set.touchesPerSecond > 0) evict(state, set, dropped);
    freed = add(freed, dropped);
    rotated = add(rotated, used);
  });
  state.age = add(state.age, add(freed, rotated));
  state.file.scanned = add(state.file.scanned, scanned);
  moveOn(sizes, { gone: freed, used: rotated });
  noteCost(state.costs, "file", { io: nothing, rotated });
  return { scanned, freed };
}

function evict(state: ReclaimState, set: WorkingSet, amount: KiB): void {
  noteEvicted(set, amount, state.age);
  if (set.touchesPerSecond > 0 && set.evicted > 0) state.hasTakenUsed = true;
}

function moveOn(sizes: ListSizes, { gone, used }: { readonly gone: KiB; readonly used: KiB }): void {
  sizes.inactive = lessened(sizes.inactive, add(gone, used));
  sizes.active = add(sizes.active, used);
}

/** What is to be scanned, and what can be swapped out. */
export interface AnonPlan extends ScanPlan {
  /** What swap can take in this step. */
  readonly within: KiB;
}

/** Of what is scanned, what was used goes back to the active list, and what swap can take is written to it. */
export function scanAnon(
  kernel: Kernel,
  list: SetList,
  { amount, sizes, within }: AnonPlan,
): Scan & { readonly swapped: KiB } {
  const { reclaim: state, counters } = kernel;
  const scanned = least(amount, sizes.inactive);
  if (scanned === 0) return { scanned, freed: nothing, swapped: nothing };
  const seconds = secondsOn(state.anon, sizes, scanned);
  const share = scanned / sizes.inactive;
  const written = writtenShare(list, { share, seconds, scanned, within: least(within, swapRoomOf(kernel)) });
  let [swapped, rotated] = [nothing, nothing];
  changeAll(list, (set) => {
    if (set.inactive === 0) return;
    const part = scale(set.inactive, share);
    const used = scale(part, usedWithin(set, seconds));
    const gone = scale(subtract(part, used), written);
    set.inactive = lessened(set.inactive, add(used, gone));
    set.active = add(set.active, used);
    evict(state, set, gone);
    swapped = add(swapped, gone);
    rotated = add(rotated, used);
  });
  state.age = add(state.age, add(swapped, rotated));
  state.anon.scanned = add(state.anon.scanned, scanned);
  moveOn(sizes, { gone: swapped, used: rotated });
  noteCost(state.costs, "anon", { io: swapped, rotated });
  counters.swappedOut = add(counters.swappedOut, swapped);
  return { scanned, swapped, freed: swapOut(kernel, swapped) };
}

interface SwapPlan {
  readonly share: number;
  readonly seconds: number;
  readonly scanned: KiB;
  readonly within: KiB;
}

/** The share of unused pages that swap can take now. */
function writtenShare(list: SetList, { share, seconds, scanned, within }: SwapPlan): number {
  if (scanned <= within) return 1;
  let unused = nothing;
  for (const sets of [list.stirred, list.resting]) {
    for (const set of sets) unused = add(unused, scale(set.inactive, share * (1 - usedWithin(set, seconds))));
  }
  return unused <= within ? 1 : within / unused;
}

/** Moves the end of the active list to the inactive one, where that is short. */
export function ageList(pair: ListPair, list: SetList, sizes: ListSizes): void {
  const { active, inactive } = sizes;
  const ratio = activeRatio(add(active, inactive));
  const short = scale(lessened(active, scale(inactive, ratio)), 1 / (1 + ratio));
  const scanned = pair.isRefaulting ? greatest(short, least(active, pair.scanned)) : short;
  if (scanned < 1) return;
  const seconds = active / Math.max(pair.agedPerSecond, scanned, 1);
  pair.aged = add(pair.aged, scanned);
  let moved = nothing;
  changeAll(list, (set) => {
    if (set.active === 0) return;
    // Text that was used stays where it is; everything else goes, used or not.
    const kept = set.isText ? usedWithin(set, seconds) : 0;
    const part = scale(set.active, (scanned / active) * (1 - kept));
    set.active = subtract(set.active, part);
    set.inactive = add(set.inactive, part);
    moved = add(moved, part);
  });
  sizes.active = lessened(active, moved);
  sizes.inactive = add(inactive, moved);
}
