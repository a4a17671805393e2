/** Counters since boot, in events or pages as `/proc/vmstat` counts them. @see mm/vmstat.c: vmstat_text */
export interface Vmstat {
  readonly pagesSwappedIn: number;
  readonly pagesSwappedOut: number;
  readonly scannedByKswapd: number;
  readonly scannedDirectly: number;
  readonly stolenByKswapd: number;
  readonly stolenDirectly: number;
  /** Allocations that had to reclaim by themselves, all zones. */
  readonly allocationStalls: number;
  /** File pages that were evicted and wanted again. Before Linux 5.9 there is one counter for file and anon. */
  readonly fileRefaults: number;
  /** Absent before Linux 5.9. */
  readonly anonRefaults: number | undefined;
  /** Page faults that had to wait for a disk or for swap. Absent in recordings that were made before it was read. */
  readonly majorFaults?: number;
  /** Processes the kernel's own OOM killer killed, memcg kills included. Absent before Linux 4.13. */
  readonly oomKills: number | undefined;
}
