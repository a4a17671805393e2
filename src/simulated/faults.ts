import { add, type KiB, kib, type Milliseconds, mib, milliseconds, ratio, scale, subtract } from "#domain/units.ts";
import { askToRead, type Disk, readShare } from "./disks.ts";
import type { Kernel, Totals } from "./kernel.ts";
import { noteCost } from "./reclaim-state.ts";
import { freeSwap, type SwapOrigin } from "./swap-space.ts";
import { faultIn, missingOf, type WorkingSet } from "./working-set.ts";

const nothing = kib(0);

/** Pages around the one that is missed are read with it. @see mm/filemap.c: do_sync_mmap_readahead */
const filePiece = kib(64);
/** vm.page-cluster = 3: eight pages. */
const swapPiece = kib(32);
/** How fast one processor decompresses what lies in zram or zswap, faults included. */
const decompressedPerSecond = mib(1024);

/** What a process needs of the disks for its faults. */
export interface FaultTimes {
  readonly files: Milliseconds;
  readonly swap: readonly { readonly disk: Disk; readonly time: Milliseconds }[];
  readonly compressed: Milliseconds;
}

const noFaults: FaultTimes = { files: milliseconds(0), swap: [], compressed: milliseconds(0) };

/** Queues the faults of a process at the disks. One process waits for one read after the other: it cannot ask for more than fits. */
export function askForFaults(
  kernel: Kernel,
  { hot, text, files }: { readonly hot: KiB; readonly text: KiB; readonly files: KiB },
  origin: SwapOrigin,
): FaultTimes {
  const read = add(text, files);
  if (read === 0 && hot === 0) return noFaults;
  return {
    files: read === 0 ? milliseconds(0) : askToRead(kernel.disks.files, read, { pieces: read / filePiece }),
    swap:
      hot === 0
        ? []
        : origin.disks.map(({ disk, part }) => {
            const amount = scale(hot, part);
            return { disk, time: askToRead(disk, amount, { pieces: amount / swapPiece }) };
          }),
    compressed: milliseconds(((hot * origin.compressed) / decompressedPerSecond) * 1000),
  };
}

/** How far faults came in a step. */
export interface FaultProgress {
  /** Shares of what was asked for. */
  readonly files: number;
  readonly swap: number;
  /** Shares of the step that were waited. */
  readonly waitedForFiles: number;
  readonly waitedForSwap: number;
  /** The part of it that was not decompressing. */
  readonly waitedForSwapDisks: number;
}

/** Nothing was asked for. */
export const noWait: FaultProgress = {
  files: 1,
  swap: 1,
  waitedForFiles: 0,
  waitedForSwap: 0,
  waitedForSwapDisks: 0,
};

/** How far the faults of one process came, once all have asked. */
export function progressOf({ disks }: Kernel, times: FaultTimes, span: Milliseconds): FaultProgress {
  if (times === noFaults) return noWait;
  const files = readShare(disks.files, times.files);
  let [swap, flows] = [times.compressed > span ? span / times.compressed : 1, 1];
  for (const { disk, time } of times.swap) {
    const { done, waited } = readShare(disk, time);
    swap = Math.min(swap, done);
    flows *= 1 - waited;
  }
  return {
    files: files.done,
    swap,
    waitedForFiles: files.waited,
    waitedForSwap: 1 - flows * (1 - Math.min(1, times.compressed / span)),
    waitedForSwapDisks: 1 - flows,
  };
}

/** The share of missing file pages that had been there before: only to wait for those is a stall. */
export function refaultShareOf(sets: readonly (WorkingSet | undefined)[]): number {
  let [evicted, missing] = [0, 0];
  for (const set of sets) {
    if (set === undefined) continue;
    evicted += set.evicted;
    missing += missingOf(set);
  }
  return missing === 0 ? 0 : evicted / missing;
}

/** Brings pages of files back. Those that would not have been evicted from a list a little longer are put onto the active one. @see mm/workingset.c: workingset_test_recent */
export function refaultFile(
  kernel: Kernel,
  set: WorkingSet,
  { amount, totals }: { amount: KiB; totals: Totals },
): void {
  const hasSwap = kernel.swaps.some(({ state }) => state === "on");
  const rivals = add(totals.activeFile, hasSwap ? add(totals.activeAnon, totals.inactiveAnon) : nothing);
  refault(kernel, set, { amount, rivals, list: "file" });
  kernel.counters.majorFaults += ratio(amount, filePiece);
}

/** Brings pages back from swap. */
export function refaultAnon(
  kernel: Kernel,
  set: WorkingSet,
  { amount, totals }: { amount: KiB; totals: Totals },
): void {
  const rivals = add(totals.activeAnon, add(totals.activeFile, totals.inactiveFile));
  const came = refault(kernel, set, { amount, rivals, list: "anon" });
  freeSwap(kernel, came);
  kernel.counters.majorFaults += ratio(came, swapPiece);
  kernel.counters.swappedIn = add(kernel.counters.swappedIn, came);
}

interface Refault {
  readonly amount: KiB;
  /** What a page competes with: an eviction no longer ago than that was a mistake. */
  readonly rivals: KiB;
  readonly list: "anon" | "file";
}

function refault({ reclaim, counters }: Kernel, set: WorkingSet, { amount, rivals, list }: Refault): KiB {
  if (amount === 0) return nothing;
  const isRecent = subtract(reclaim.age, set.evictedAt) <= rivals;
  const came = faultIn(set, amount, isRecent ? "active" : "inactive");
  const counter = list === "anon" ? "anonRefaulted" : "fileRefaulted";
  counters[counter] = add(counters[counter], came);
  if (isRecent && came > 0) {
    reclaim.age = add(reclaim.age, came);
    reclaim[list].isRefaulting = true;
    noteCost(reclaim.costs, list, { io: came, rotated: nothing });
  }
  return came;
}
