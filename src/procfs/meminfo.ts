/*
 * MemTotal:       24683656 kB
 * MemFree:        24406560 kB
 * MemAvailable:   24357036 kB
 * Buffers:            1180 kB
 * Active(file):      30992 kB
 * ...
 * HugePages_Total:       0
 * DirectMap1G:    25165824 kB
 *
 * fs/proc/meminfo.c: meminfo_proc_show(). MemAvailable since 3.14, all other lines read here since before 3.0.
 * lxcfs writes the same text for containers.
 */
import type { Meminfo } from "#domain/meminfo.ts";
import { lineReader, readKiB, requireLines } from "./labelled-lines.ts";
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

const readLines = lineReader({ ...required, available: { text: "MemAvailable:", read: readKiB } });

/** @throws ParseError */
export function parseMeminfo(bytes: Uint8Array): Meminfo {
  const cursor = cursorOver("meminfo", bytes);
  const lines = readLines(cursor);
  return { available: lines.available, ...requireLines(cursor, lines, required) };
}
