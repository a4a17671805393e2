/*
 * MemTotal:       24683656 kB
 * MemFree:        24406560 kB
 * MemAvailable:   24357036 kB
 * Buffers:            1180 kB
 * Active(file):      30992 kB
 * ...
 * HugePages_Total:       0
 * Hugepagesize:       2048 kB
 * Hugetlb:               0 kB
 * DirectMap1G:    25165824 kB
 *
 * fs/proc/meminfo.c: meminfo_proc_show(). MemAvailable since 3.14, Hugetlb since 4.16 (before, the
 * pool of one size is told), Zswap and Zswapped since 5.19, all other lines
 * read here since before 3.0. lxcfs writes the same text for containers.
 */
import type { Meminfo } from "#domain/meminfo.ts";
import { type KiB, scale } from "#domain/units.ts";
import { lineReader, readCount, readKiB, requireLines } from "./labelled-lines.ts";
import { cursorOver } from "./scanner.ts";

const required = {
  total: { text: "MemTotal:", read: readKiB },
  free: { text: "MemFree:", read: readKiB },
  buffers: { text: "Buffers:", read: readKiB },
  cached: { text: "Cached:", read: readKiB },
  activeFile: { text: "Active(file):", read: readKiB },
  inactiveFile: { text: "Inactive(file):", read: readKiB },
  swapTotal: { text: "SwapTotal:", read: readKiB },
  swapFree: { text: "SwapFree:", read: readKiB },
  anon: { text: "AnonPages:", read: readKiB },
  shmem: { text: "Shmem:", read: readKiB },
  slabReclaimable: { text: "SReclaimable:", read: readKiB },
  commitLimit: { text: "CommitLimit:", read: readKiB },
  committedAs: { text: "Committed_AS:", read: readKiB },
} as const;

const readLines = lineReader({
  ...required,
  available: { text: "MemAvailable:", read: readKiB },
  hugetlb: { text: "Hugetlb:", read: readKiB },
  hugePages: { text: "HugePages_Total:", read: readCount },
  hugePageSize: { text: "Hugepagesize:", read: readKiB },
  zswap: { text: "Zswap:", read: readKiB },
  zswapped: { text: "Zswapped:", read: readKiB },
});

/** @throws ParseError */
export function parseMeminfo(bytes: Uint8Array): Meminfo {
  const cursor = cursorOver("meminfo", bytes);
  const lines = readLines(cursor);
  const { available, zswap, zswapped } = lines;
  return { available, hugetlb: hugetlbOf(lines), zswap, zswapped, ...requireLines(cursor, lines, required) };
}

/** Without CONFIG_HUGETLB_PAGE none of these lines is there. */
function hugetlbOf({ hugetlb, hugePages, hugePageSize }: ReturnType<typeof readLines>): KiB | undefined {
  if (hugetlb !== undefined || hugePages === undefined || hugePageSize === undefined) return hugetlb;
  return scale(hugePageSize, hugePages);
}
