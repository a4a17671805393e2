import type { KiB, Percent } from "./units.ts";

/**
 * What zram has made of the pages it compressed. Left out is what tells nothing of the next page: pages filled with one word,
 * which take no memory, and pages that were written back to a disk behind the device.
 */
export interface StoredOnZram {
  /** Before compression. */
  readonly original: KiB;
  /** Of RAM, with what the allocator wastes. */
  readonly occupied: KiB;
  /** The most that `occupied` may become (`mem_limit`). Undefined: as much as there is. */
  readonly limit: KiB | undefined;
}

/** One swap device or file. @see mm/swapfile.c: swap_show */
export interface SwapDevice {
  /** With the kernel's octal escapes undone. */
  readonly path: string;
  /** zram is swap that lives in RAM: filling it costs memory. */
  readonly kind: "partition" | "file" | "zram";
  readonly size: KiB;
  readonly used: KiB;
  readonly priority: number;
  /** Of zram only, and absent where the device does not tell. */
  readonly stored?: StoredOnZram;
}

/** zswap, switched on: pages on their way to disk swap stay compressed in RAM until the pool is full. */
export interface Zswap {
  /** How much of RAM the pool may take (`max_pool_percent`). */
  readonly maxPool: Percent;
}

/** All swap of the machine; none is an empty list. @see proc_swaps(5) */
export interface Swaps {
  readonly devices: readonly SwapDevice[];
  /** Absent: switched off, or not built in. */
  readonly zswap?: Zswap;
}
