import { add, type KiB } from "#domain/units.ts";
import type { Kernel } from "./kernel.ts";
import { activeRatio, type ListSizes } from "./lists.ts";
import { decayCosts } from "./reclaim-state.ts";

/** How much of a scan goes to which list. */
export interface ScanShares {
  readonly anon: number;
  readonly file: number;
}

const onlyFile: ScanShares = { anon: 0, file: 1 };
const onlyAnon: ScanShares = { anon: 1, file: 0 };

/** What there is to choose from. */
export interface Balance {
  readonly sizes: { readonly anon: ListSizes; readonly file: ListSizes };
  /** What swap can take now. */
  readonly swapWithin: KiB;
  /** Undefined inside a memcg. */
  readonly free: KiB | undefined;
}

/** How much of a scan goes to which list. @see mm/vmscan.c: get_scan_count */
export function balanceScan(
  { scenario: { swappiness }, reclaim, marks }: Kernel,
  { sizes, swapWithin, free }: Balance,
): ScanShares {
  const anon = add(sizes.anon.active, sizes.anon.inactive);
  if (swappiness === 0 || anon === 0 || swapWithin < 1) return onlyFile;
  const { active, inactive } = sizes.file;
  const file = add(active, inactive);
  // The few files left are what everything runs on.
  if (free !== undefined && add(file, free) <= marks.high) return onlyAnon;
  // Files enough that nobody uses: nothing else is touched. @see cache_trim_mode
  if (!reclaim.file.isRefaulting && inactive > 0 && inactive * activeRatio(file) >= active) return onlyFile;
  decayCosts(reclaim.costs, add(anon, file));
  const { anon: anonCost, file: fileCost } = reclaim.costs;
  const total = anonCost + fileCost;
  // Each list is scanned by its weight, in proportion to its size.
  const anonScan = anon * swappiness * ((total + 1) / (anonCost + 1));
  const fileScan = file * (200 - swappiness) * ((total + 1) / (fileCost + 1));
  const share = anonScan / (anonScan + fileScan);
  return { anon: share, file: 1 - share };
}
