import { isSince, parseKernelRelease } from "#domain/kernel-release.ts";
import { type Bytes, type KiB, pagesToKiB } from "#domain/units.ts";
import type { StatFacts } from "#procfs/stat.ts";
import type { ShownMemory } from "#procfs/status.ts";

/** The resident size that the OOM killer of one kernel counts, from what two files of one thread show. */
export type CountRss = (stat: StatFacts, shown: ShownMemory) => KiB;

/**
 * Since 6.2 the counters of an mm are kept per CPU, and oom_badness() reads them without summing up, as field 24 of stat does;
 * status sums in some of these kernels. 7.0 sums in all three. Before 6.2 both files show one figure.
 * @see v6.12 mm/oom_kill.c: oom_badness (get_mm_rss); fs/proc/array.c: do_task_stat; v7.2 mm/oom_kill.c (get_mm_rss_sum)
 */
export function rssCounterOf(kernelRelease: string, pageSize: Bytes): CountRss {
  const release = parseKernelRelease(kernelRelease);
  const isSummed = release !== undefined && isSince(release, [7, 0]);
  return isSummed ? (_stat, shown) => shown.rss : (stat) => pagesToKiB(stat.rss, pageSize);
}
