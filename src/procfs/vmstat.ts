/*
 * nr_free_pages 6101640
 * ...
 * workingset_refault_anon 0
 * workingset_refault_file 136422
 * pswpin 0
 * allocstall_normal 0
 * pgsteal_kswapd 0
 * pgscan_direct 0
 * pgmajfault 1021
 * pgscan_direct_throttle 0
 * oom_kill 0
 *
 * mm/vmstat.c: vmstat_show(), names in vmstat_text[]. pgscan_* and pgsteal_* were per zone before 4.8; allocstall is per
 * zone since 4.10; oom_kill since 4.13; workingset_refault was split into _anon and _file in 5.9.
 */
import type { Vmstat } from "#domain/vmstat.ts";
import { type Label, lineReader, readCount, requireLines } from "./labelled-lines.ts";
import { type Cursor, cursorOver, damageAt } from "./scanner.ts";

const counter = (name: string): Label<number> => ({ text: `${name} `, read: readCount });

const required = {
  pagesSwappedIn: counter("pswpin"),
  pagesSwappedOut: counter("pswpout"),
  scannedByKswapd: counter("pgscan_kswapd"),
  scannedDirectly: counter("pgscan_direct"),
  stolenByKswapd: counter("pgsteal_kswapd"),
  stolenDirectly: counter("pgsteal_direct"),
  majorFaults: counter("pgmajfault"),
};

/** Whichever of them there are: one before Linux 4.10, then one for each zone type this kernel is built with. */
const allocationStalls = {
  allocstall: counter("allocstall"),
  allocstallDma: counter("allocstall_dma"),
  allocstallDma32: counter("allocstall_dma32"),
  allocstallNormal: counter("allocstall_normal"),
  allocstallHigh: counter("allocstall_high"),
  allocstallMovable: counter("allocstall_movable"),
  allocstallDevice: counter("allocstall_device"),
};

const readLines = lineReader({
  ...required,
  ...allocationStalls,
  refaults: counter("workingset_refault"),
  fileRefaults: counter("workingset_refault_file"),
  anonRefaults: counter("workingset_refault_anon"),
  oomKills: counter("oom_kill"),
});

type Lines = ReturnType<typeof readLines>;

/** @throws ParseError */
export function parseVmstat(bytes: Uint8Array): Vmstat {
  const cursor = cursorOver("vmstat", bytes);
  const lines = readLines(cursor);
  return {
    ...requireLines(cursor, lines, required),
    allocationStalls: sumOfStalls(cursor, lines),
    fileRefaults: fileRefaults(cursor, lines),
    anonRefaults: lines.anonRefaults,
    oomKills: lines.oomKills,
  };
}

function sumOfStalls(cursor: Cursor, lines: Lines): number {
  let total: number | undefined;
  for (const name in allocationStalls) {
    const stalls = lines[name as keyof typeof allocationStalls];
    if (stalls !== undefined) total = (total ?? 0) + stalls;
  }
  if (total === undefined) throw damageAt(cursor, 'a line "allocstall…"');
  if (!Number.isSafeInteger(total)) throw damageAt(cursor, "a sum of allocation stalls below 2^53");
  return total;
}

function fileRefaults(cursor: Cursor, lines: Lines): number {
  const refaults = lines.fileRefaults ?? lines.refaults;
  if (refaults === undefined) throw damageAt(cursor, 'a line "workingset_refault_file "');
  return refaults;
}
