import { isSince, type KernelRelease } from "#domain/kernel-release.ts";
import type { Pages } from "#domain/units.ts";

/** What a score is made of. */
export interface OomPoints {
  /** What `oom_badness` gives an eligible process: resident, swapped, page tables and its adj; may be negative. */
  readonly points: Pages;
  /** RAM and swap of the whole machine, also for processes of a memcg. */
  readonly totalPages: Pages;
}

/**
 * What the kernel shows as the oom_score of an eligible process. Undefined before 3.5, whose score is made otherwise.
 * Every division of the kernel is one of C: it truncates towards zero. A double holds all products here exactly.
 * @see v6.12 fs/proc/base.c: proc_oom_score; v5.8 for the older one, whose oom_badness gives at least 1
 */
export function predictOomScore({ points, totalPages }: OomPoints, release: KernelRelease): number | undefined {
  if (isSince(release, [5, 9])) return Math.trunc(((1000 + Math.trunc((points * 1000) / totalPages)) * 2) / 3);
  if (isSince(release, [3, 5])) return Math.trunc((Math.max(points, 1) * 1000) / totalPages);
  return undefined;
}
