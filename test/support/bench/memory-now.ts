import { readFileSync } from "node:fs";
import type { Meminfo } from "#domain/meminfo.ts";
import { type KiB, kib } from "#domain/units.ts";
import { parseMeminfo } from "#procfs/meminfo.ts";

/** All there is now. */
export const meminfoNow = (): Meminfo => parseMeminfo(readFileSync("/proc/meminfo"));

/** MemAvailable. */
export const availableNow = (): KiB => meminfoNow().available ?? kib(0);

/** Whether anything can be swapped out. */
export const hasSwap = (): boolean => meminfoNow().swapTotal > 0;
