import { add, type KiB, kib, scale } from "#domain/units.ts";
import { type ListPair, startList } from "./lists.ts";

/** What reclaim remembers between two passes. */
export interface ReclaimState {
  readonly anon: ListPair;
  readonly file: ListPair;
  readonly costs: ScanCosts;
  /** How many pages were evicted or activated since boot: distances are measured on it. @see mm/workingset.c */
  age: KiB;
  /** Somebody goes through what was evicted of late, and was not roused for it yet. */
  hasTakenUsed: boolean;
  /** What was freed in the step under way, by whomever. */
  freed: KiB;
  /** How often in a row nothing at all could be reclaimed. @see mm/page_alloc.c: should_reclaim_retry */
  retries: number;
}

/** Before the first pass. */
export const startReclaim = (): ReclaimState => ({
  anon: startList(),
  file: startList(),
  costs: startCosts(),
  age: kib(0),
  hasTakenUsed: false,
  freed: kib(0),
  retries: 0,
});

/** What reclaiming from the one list or the other has cost of late. @see mm/swap.c: lru_note_cost */
export interface ScanCosts {
  anon: KiB;
  file: KiB;
}

/** Nothing has cost anything yet. */
export const startCosts = (): ScanCosts => ({ anon: kib(0), file: kib(0) });

/** One page of IO costs as much as to look at so many. @see include/linux/swap.h: SWAP_CLUSTER_MAX */
const ioCost = 32;

/** Notes what a list has cost: what was written to or read from a disk for it, and what was scanned in vain. */
export function noteCost(costs: ScanCosts, list: "anon" | "file", { io, rotated }: { io: KiB; rotated: KiB }): void {
  costs[list] = add(costs[list], add(scale(io, ioCost), rotated));
}

/** Old costs count less: both are halved once they outweigh a quarter of the lists. */
export function decayCosts(costs: ScanCosts, onLists: KiB): void {
  while (costs.anon + costs.file > onLists / 4 + 1) {
    costs.anon = scale(costs.anon, 1 / 2);
    costs.file = scale(costs.file, 1 / 2);
  }
}
