import { add, gib, type KiB, kib, least, lessened, type Milliseconds, scale, subtract } from "#domain/units.ts";
import type { Kernel } from "./kernel.ts";
import { type Lruvec, listSizes } from "./lists.ts";
import { ageList, scanAnon, scanFile } from "./scan.ts";
import { balanceScan, type ScanShares } from "./scan-balance.ts";
import { hasFreeSlot, swapOutWithin, swapRoomOf, wantToSwapOut } from "./swap-space.ts";

/** Who reclaims: the kernel's thread in the background, or whoever wants memory and waits for it. */
export type Reclaimer = "kswapd" | "direct";

/** What one pass of reclaim is to get. */
export interface ReclaimRequest {
  readonly by: Reclaimer;
  readonly wanted: KiB;
  readonly span: Milliseconds;
  /** How many reclaim at once. */
  readonly reclaimers: number;
  /** Whose pages: those of a memcg, or all. */
  readonly lru: Lruvec;
  /** What is free as it begins; undefined for a memcg, to which that is nothing. */
  readonly free: KiB | undefined;
  /** What may be swapped out of them, whatever room there is. */
  readonly swapLimit?: KiB;
}

/** How much one thread scans in a second: looking up who maps a page, unmapping and freeing it, about as fast as exiting processes do. */
export const scanPerSecond = gib(4);

/** Every round of a pass scans more than the one before. @see mm/vmscan.c: DEF_PRIORITY */
const rounds = 5;
/** Pages taken in one round of direct reclaim. @see include/linux/swap.h: SWAP_CLUSTER_MAX */
const clusterKib = 32 * 4;

/** Takes memory back, by scanning the ends of the lists. Returns what RAM was got: what goes to zram frees less than it moves. */
export function reclaim(kernel: Kernel, request: ReclaimRequest): KiB {
  const { wanted, span, reclaimers, lru, free } = request;
  let [freed, scanned] = [nothing, nothing];
  const budget = scale(scanPerSecond, (span / 1000) * reclaimers);
  const sizes = { anon: listSizes(lru.anon), file: listSizes(lru.file) };
  let within = least(swapOutWithin(kernel, span, reclaimers), request.swapLimit ?? unlimited);
  for (let round = 0; round < rounds && freed < wanted && scanned < budget; round += 1) {
    const plan = least(scale(lessened(wanted, freed), 2 ** round), lessened(budget, scanned));
    const balance = { sizes, swapWithin: within, free: free === undefined ? undefined : add(free, freed) };
    const shares = round < rounds - 1 ? balanceScan(kernel, balance) : equally(within);
    const file = scanFile(kernel, lru.file, { amount: scale(plan, shares.file), sizes: sizes.file });
    const anon = scanAnon(kernel, lru.anon, { amount: scale(plan, shares.anon), sizes: sizes.anon, within });
    within = lessened(within, anon.swapped);
    freed = add(freed, add(file.freed, anon.freed));
    scanned = add(scanned, add(file.scanned, anon.scanned));
    if (shares.file > 0) ageList(kernel.reclaim.file, lru.file, sizes.file);
    if (shares.anon > 0) ageList(kernel.reclaim.anon, lru.anon, sizes.anon);
  }
  if (freed < wanted) wantToSwapOut(kernel, subtract(wanted, freed));
  kernel.reclaim.freed = add(kernel.reclaim.freed, freed);
  count(kernel, request, { scanned, freed });
  return freed;
}

const nothing = kib(0);
const unlimited = kib(Number.MAX_SAFE_INTEGER);

/** Near its end a pass takes whatever there is. @see mm/vmscan.c: SCAN_EQUAL */
const equally = (swapWithin: KiB): ScanShares => ({ file: 1, anon: swapWithin < 1 ? 0 : 1 });

/** For how long scan rates are remembered. */
const rateMemory = 1000;

/** Ends a step: what was scanned in it becomes part of the rates. */
export function settleRates({ reclaim: { anon, file } }: Kernel, span: Milliseconds): void {
  const weight = 1 - Math.exp(-span / rateMemory);
  for (const pair of [anon, file]) {
    const scanned = scale(pair.scanned, 1000 / span);
    const aged = scale(pair.aged, 1000 / span);
    pair.scannedPerSecond = add(pair.scannedPerSecond, scale(subtract(scanned, pair.scannedPerSecond), weight));
    pair.agedPerSecond = add(pair.agedPerSecond, scale(subtract(aged, pair.agedPerSecond), weight));
    pair.aged = kib(0);
    if (pair.scanned > 0) pair.isRefaulting = false;
    pair.scanned = kib(0);
  }
}

interface Pass {
  readonly scanned: KiB;
  readonly freed: KiB;
}

/** What the limit of a memcg takes is told in its own files alone. @see v6.12 mm/vmscan.c: shrink_inactive_list, !cgroup_reclaim(sc) */
function count({ counters }: Kernel, { by, wanted, free }: ReclaimRequest, { scanned, freed }: Pass): void {
  if (free === undefined) return;
  if (by === "kswapd") {
    counters.scannedByKswapd = add(counters.scannedByKswapd, scanned);
    counters.stolenByKswapd = add(counters.stolenByKswapd, freed);
  } else {
    counters.scannedDirectly = add(counters.scannedDirectly, scanned);
    counters.stolenDirectly = add(counters.stolenDirectly, freed);
    counters.allocationStalls += wanted / clusterKib;
  }
}

/** What the kernel takes for reclaimable before it gives up: all anonymous memory, as long as swap has a slot left. @see mm/vmscan.c: zone_reclaimable_pages */
export function countedReclaimable(kernel: Kernel): KiB {
  const [anon, file] = [listSizes(kernel.lru.anon), listSizes(kernel.lru.file)];
  const files = add(file.active, file.inactive);
  return hasFreeSlot(kernel) ? add(files, add(anon.active, anon.inactive)) : files;
}

/** What reclaim could still get, whatever it takes. */
export function reclaimableOf(kernel: Kernel, lru: Lruvec = kernel.lru): KiB {
  const [anon, file] = [listSizes(lru.anon), listSizes(lru.file)];
  return add(add(file.active, file.inactive), least(add(anon.active, anon.inactive), swapRoomOf(kernel)));
}
