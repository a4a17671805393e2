import type { KiB } from "./units.ts";

/** One swap device or file. @see mm/swapfile.c: swap_show */
export interface SwapDevice {
  /** With the kernel's octal escapes undone. */
  readonly path: string;
  /** zram is swap that lives in RAM: filling it costs memory. */
  readonly kind: "partition" | "file" | "zram";
  readonly size: KiB;
  readonly used: KiB;
  readonly priority: number;
}

/** All swap of the machine; none is an empty list. @see proc_swaps(5) */
export interface Swaps {
  readonly devices: readonly SwapDevice[];
}
