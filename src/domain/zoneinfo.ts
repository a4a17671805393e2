import type { Pages } from "./units.ts";

/** One zone of one node, against the kernel's own watermarks. @see mm/vmstat.c: zoneinfo_show_print */
export interface KernelZone {
  readonly node: number;
  /** `DMA`, `DMA32`, `Normal`, `HighMem`, `Movable`, `Device`. */
  readonly name: string;
  /** Position in the listing of its node, unpopulated zones included: the index into `protection`. */
  readonly index: number;
  readonly free: Pages;
  /** Watermarks with the boost already added, as the kernel prints them. */
  readonly min: Pages;
  readonly low: Pages;
  readonly high: Pages;
  readonly present: Pages;
  readonly managed: Pages;
  /** lowmem_reserve: what this zone keeps back from requests that could use a higher zone. */
  readonly protection: readonly Pages[];
  readonly activeAnon: Pages;
  readonly inactiveAnon: Pages;
  readonly activeFile: Pages;
  readonly inactiveFile: Pages;
  readonly freeCma: Pages;
  /** Absent before Linux 7.2. */
  readonly freeHighatomic: Pages | undefined;
  /** kswapd has given up on this node. */
  readonly nodeUnreclaimable: boolean;
}

/** Every populated zone of every node, in the kernel's order. */
export interface Zoneinfo {
  readonly zones: readonly KernelZone[];
}
