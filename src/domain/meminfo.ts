import { type KiB, kib, sum } from "./units.ts";

/** Memory of the whole machine. @see proc_meminfo(5); fs/proc/meminfo.c: meminfo_proc_show */
export interface Meminfo {
  readonly total: KiB;
  /** nr_free_pages: what nobody uses at all. Not what can be had: that is `available`. */
  readonly free: KiB;
  /** What can be had without swapping, by the kernel's own estimate. Absent before Linux 3.14. */
  readonly available: KiB | undefined;
  readonly buffers: KiB;
  readonly cached: KiB;
  /** Memory of processes that no file stands behind: it returns only when they go, or by swap. */
  readonly anon: KiB;
  /** Shared memory and tmpfs, mapped or not. */
  readonly shmem: KiB;
  readonly activeFile: KiB;
  readonly inactiveFile: KiB;
  readonly slabReclaimable: KiB;
  /** The pools of huge pages, used or not: of no use to anybody who does not ask for them by name. Absent where they are not built in. */
  readonly hugetlb: KiB | undefined;
  /** RAM that zswap holds. Absent before Linux 5.19. */
  readonly zswap: KiB | undefined;
  /** What `zswap` was before compression; each of these pages owns a slot of swap as well. Absent before Linux 5.19. */
  readonly zswapped: KiB | undefined;
  /** Of a device that leaves (swapoff), the slots that are still used. */
  readonly swapTotal: KiB;
  readonly swapFree: KiB;
  readonly committedAs: KiB;
  readonly commitLimit: KiB;
}

/** All the kernel's own reclaim could make free: what is on its lists. Slabs and the cache of ZFS have shrinkers instead, which may give or not. */
export const onLists = ({ free, activeFile, inactiveFile, anon, swapFree }: Meminfo): KiB =>
  sum([free, activeFile, inactiveFile, swapFree > 0 ? anon : kib(0)]);
