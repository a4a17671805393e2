import { type KiB, kib } from "#domain/units.ts";

/** `min_free_kbytes` as the kernel chooses it. @see mm/page_alloc.c: calculate_min_free_kbytes */
export const chosenMinFree = (ram: KiB): KiB => kib(Math.min(262_144, Math.max(128, Math.sqrt(ram * 16))));
