import type { KiB } from "./units.ts";

/**
 * The cache of ZFS. It gives memory back as the page cache does, but the kernel counts it as its own and not as available.
 * @see https://github.com/openzfs/zfs/issues/10255
 */
export interface Arc {
  readonly size: KiB;
  /** It does not shrink below this (`c_min`). */
  readonly minimum: KiB;
  /** What nobody holds and nobody has changed. Absent before ZFS on Linux 0.7. */
  readonly evictable: KiB | undefined;
}
