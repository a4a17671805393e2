import { isSince, parseKernelRelease } from "#domain/kernel-release.ts";
import type { Pid } from "#domain/units.ts";
import { parseOomScore } from "#procfs/oom-score.ts";
import type { ProcessFiles } from "./process-files.ts";
import { findThreadWithMemory, readOomScoreAdj } from "./process-reader.ts";

/** Whether `oom_score` is above 0 for every eligible process with memory, and grows with it, however low its oom_score_adj. */
export function hasTellingScores(kernelRelease: string): boolean {
  const release = parseKernelRelease(kernelRelease);
  return release !== undefined && isSince(release, [5, 9]);
}

/** Whether the kernel's OOM killer would pass a process over, although nothing else that it shows says so. */
export type IsPassedOver = (pid: Pid) => boolean;

/** With this adj and the least memory an eligible process may show 0; with one more it shows at least 1 of 2000. */
const leastTellingAdj = -998;

/**
 * Its memory was reaped already (MMF_OOM_SKIP), so that nothing would come back; or it is a child of vfork(2), which only
 * borrows the memory of its parent for a moment, and ties with it. Neither is shown but by a score of 0, which since 5.9 no
 * eligible process with memory has. Read for the one that is chosen only.
 * @see v6.12 mm/oom_kill.c: oom_badness; fs/proc/base.c: proc_oom_score
 */
export function makePassedOverTest(kernelRelease: string, files: ProcessFiles): IsPassedOver {
  if (!hasTellingScores(kernelRelease)) return () => false;
  return (pid) => {
    if (files.read(pid, "oom_score", parseOomScore) !== 0) return false;
    const adj = readOomScoreAdj(files, pid);
    return adj !== undefined && adj >= leastTellingAdj && findThreadWithMemory(files, pid) !== undefined;
  };
}
