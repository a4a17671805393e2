import { add, gib, type KiB, kib } from "#domain/units.ts";
import type { WorkingSet } from "./working-set.ts";

/** One pair of lists, active and inactive. */
export interface ListPair {
  /** How fast it was scanned of late, per second: how long a page has to prove that it is used. */
  scannedPerSecond: KiB;
  /** What was scanned in the step under way. */
  scanned: KiB;
  /** The same of its active list. */
  agedPerSecond: KiB;
  aged: KiB;
  /** Pages came back that should not have gone, since reclaim last came by: its active list is too long. @see mm/vmscan.c: DEACTIVATE_FILE */
  isRefaulting: boolean;
}

/** A list nobody has scanned yet. */
export const startList = (): ListPair => ({
  scannedPerSecond: kib(0),
  scanned: kib(0),
  agedPerSecond: kib(0),
  aged: kib(0),
  isRefaulting: false,
});

/** What lies on an active list and on its inactive one, and what has gone from both. */
export interface ListSizes {
  active: KiB;
  inactive: KiB;
  evicted: KiB;
}

/** The sets on one pair of lists: those somebody works on, and those only reclaim changes, whose sum is remembered. */
export interface SetList {
  readonly stirred: Set<WorkingSet>;
  readonly resting: Set<WorkingSet>;
  /** Undefined: reclaim has come by since. */
  restingSizes: ListSizes | undefined;
}

/** Everything reclaim can choose from: of the machine, or of a memcg. @see include/linux/mmzone.h: lruvec */
export interface Lruvec {
  /** Anonymous and shared memory. */
  readonly anon: SetList;
  readonly file: SetList;
}

/** Lists with these sets on them. */
export function makeLruvec(sets: readonly WorkingSet[]): Lruvec {
  const lru = { anon: emptyList(), file: emptyList() };
  enlist(lru, sets);
  return lru;
}

const emptyList = (): SetList => ({ stirred: new Set(), resting: new Set(), restingSizes: undefined });

/** Adds up what lies on one pair of lists. */
export function listSizes(list: SetList): ListSizes {
  list.restingSizes ??= sizesOf(list.resting);
  return sizesOf(list.stirred, list.restingSizes);
}

function sizesOf(sets: Iterable<WorkingSet>, before: ListSizes = noSizes): ListSizes {
  let { active, inactive, evicted } = before;
  for (const set of sets) {
    active = add(active, set.active);
    inactive = add(inactive, set.inactive);
    evicted = add(evicted, set.evicted);
  }
  return { active, inactive, evicted };
}

const noSizes: Readonly<ListSizes> = { active: kib(0), inactive: kib(0), evicted: kib(0) };

/** Changes every set of a list, those that rest too. */
export function changeAll(list: SetList, change: (set: WorkingSet) => void): void {
  for (const set of list.stirred) change(set);
  if (list.resting.size === 0) return;
  list.restingSizes = undefined;
  for (const set of list.resting) change(set);
}

/** Puts sets onto the lists they belong to. */
export function enlist(lru: Lruvec, sets: readonly WorkingSet[]): void {
  for (const set of sets) listOf(lru, set).stirred.add(set);
}

/** Takes sets off their lists. */
export function delist(lru: Lruvec, sets: readonly WorkingSet[]): void {
  stir(lru, sets);
  for (const set of sets) listOf(lru, set).stirred.delete(set);
}

/** Somebody works on them from now on. */
export function stir(lru: Lruvec, sets: readonly WorkingSet[]): void {
  for (const set of sets) {
    const list = listOf(lru, set);
    if (!list.resting.delete(set)) continue;
    list.restingSizes = undefined;
    list.stirred.add(set);
  }
}

/** Nobody but reclaim changes them from now on. */
export function layToRest(lru: Lruvec, sets: readonly WorkingSet[]): void {
  for (const set of sets) {
    const list = listOf(lru, set);
    list.stirred.delete(set);
    list.resting.add(set);
    if (list.restingSizes !== undefined) list.restingSizes = sizesOf([set], list.restingSizes);
  }
}

/** Something else than reclaim from these lists has changed what rests on them. */
export function recountResting({ anon, file }: Lruvec): void {
  anon.restingSizes = undefined;
  file.restingSizes = undefined;
}

const listOf = (lru: Lruvec, { kind }: WorkingSet): SetList => (kind === "file" ? lru.file : lru.anon);

/** How many times longer than the inactive list the active one may be. @see mm/vmscan.c: inactive_is_low */
export const activeRatio = (pages: KiB): number => (pages >= gib(1) ? Math.floor(Math.sqrt((10 * pages) / gib(1))) : 1);
