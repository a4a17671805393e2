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

/** Everything reclaim can choose from: of the machine, or of a memcg. @see include/linux/mmzone.h: lruvec */
export interface Lruvec {
  /** Anonymous and shared memory. */
  readonly anon: WorkingSet[];
  readonly file: WorkingSet[];
}

/** What lies on an active list and on its inactive one. */
export interface ListSizes {
  active: KiB;
  inactive: KiB;
}

/** Adds up what lies on one pair of lists. */
export function listSizes(sets: readonly WorkingSet[]): ListSizes {
  let [active, inactive] = [nothing, nothing];
  for (const set of sets) {
    active = add(active, set.active);
    inactive = add(inactive, set.inactive);
  }
  return { active, inactive };
}

const nothing = kib(0);

/** Puts sets onto the lists they belong to. */
export function enlist(lru: Lruvec, sets: readonly WorkingSet[]): void {
  for (const set of sets) listOf(lru, set).push(set);
}

/** Takes sets off their lists. */
export function delist(lru: Lruvec, sets: readonly WorkingSet[]): void {
  for (const set of sets) {
    const list = listOf(lru, set);
    list.splice(list.indexOf(set), 1);
  }
}

const listOf = (lru: Lruvec, { kind }: WorkingSet): WorkingSet[] => (kind === "file" ? lru.file : lru.anon);

/** How many times longer than the inactive list the active one may be. @see mm/vmscan.c: inactive_is_low */
export const activeRatio = (pages: KiB): number => (pages >= gib(1) ? Math.floor(Math.sqrt((10 * pages) / gib(1))) : 1);
