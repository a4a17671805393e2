import { isSince, parseKernelRelease } from "#domain/kernel-release.ts";
import { type Bytes, type KiB, kib, pages, pagesToKiB } from "#domain/units.ts";
import type { StatFacts } from "#procfs/stat.ts";
import type { ShownMemory } from "#procfs/status.ts";

/** How far the kernel's own counters may be behind what a process of so many threads has. */
export type RssSlack = (threads: number) => KiB;

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

/** linux/mm_types_task.h: file, anon and shmem, which make the resident size; with swap there are four. */
const countersRead = 4;
/** mm/memory.c: TASK_RSS_EVENTS_THRESH, until 6.1. */
const heldByThread = 64;
/** lib/percpu_counter.c: percpu_counter_batch */
const heldByCpu = (cpus: number): number => Math.max(32, 2 * cpus);

/**
 * How far the counters of an mm may be behind what it has: since 6.2 every CPU keeps some pages to itself, before that every thread.
 * @param cpus that are possible on this machine
 */
export function rssSlackOf(kernelRelease: string, pageSize: Bytes, cpus: number): RssSlack {
  const release = parseKernelRelease(kernelRelease);
  const isPerCpu = release === undefined || isSince(release, [6, 2]);
  const ofAll = pagesToKiB(pages(countersRead * heldByCpu(cpus) * cpus), pageSize);
  const ofThread = pagesToKiB(pages(countersRead * heldByThread), pageSize);
  return isPerCpu ? () => ofAll : (threads) => kib(ofThread * threads);
}
