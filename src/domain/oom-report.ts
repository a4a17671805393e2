import type { OomScoreAdj } from "./units.ts";

/** Why the kernel looked for a victim in this part of the machine only. @see mm/oom_kill.c: constrained_alloc */
export type OomConstraint = "none" | "cpuset" | "memory-policy" | "memcg";

/** The allocation that failed. Its task is the allocator, not the victim. */
export interface OomTrigger {
  readonly comm: string;
  /** As printed: `0xcc0(GFP_KERNEL)`, or a bare number before Linux 4.6. */
  readonly gfpMask: string;
  /** −1: asked for through SysRq. */
  readonly order: number;
  /** Absent before Linux 2.6.36. */
  readonly oomScoreAdj?: OomScoreAdj;
  /** The legacy field, up to Linux 3.6. */
  readonly oomAdj?: number;
}

/** One row of the task table, in its own units. What the release does not print is absent. */
export interface OomTask {
  /** The thread that owns the mm. */
  readonly pid: number;
  readonly tgid: number;
  /** As printed: 4294967295 shows as −1. */
  readonly uid: number;
  readonly totalVmPages: number;
  readonly rssPages: number;
  /** @since Linux 6.8 */
  readonly rssAnonPages?: number;
  readonly rssFilePages?: number;
  readonly rssShmemPages?: number;
  /** @since Linux 4.15 */
  readonly pgtablesBytes?: number;
  /** Linux 3.7 to 4.14. */
  readonly ptePages?: number;
  /** Linux 4.4 to 4.14. */
  readonly pmdPages?: number;
  /** @since Linux 3.7 */
  readonly swapentsPages?: number;
  readonly oomScoreAdj?: OomScoreAdj;
  /** Up to Linux 3.6. */
  readonly oomAdj?: number;
  readonly name: string;
}

/** Whom the kernel killed: the first of the `Killed process` lines; where there is none, whom the `oom-kill:` line names, or the choice line. */
export interface OomVictim {
  readonly pid: number;
  readonly name: string;
  readonly uid?: number;
  readonly totalVmKib?: number;
  readonly anonRssKib?: number;
  readonly fileRssKib?: number;
  readonly shmemRssKib?: number;
  readonly pgtablesKib?: number;
  readonly oomScoreAdj?: OomScoreAdj;
}

/** Whom the choice line names ("Kill process N (C) score N or sacrifice child"), up to Linux 5.0: a child may have died instead. */
export interface OomChoice {
  readonly pid: number;
  readonly name: string;
  /** Raw badness up to 2.6.35, per mille of memory after. */
  readonly score: number;
  /** The line ends with "or a child": up to 2.6.35, where the score is raw badness. */
  readonly isRawBadness?: true;
}

/** One zone as the report shows it. KiB; what is not printed is absent. */
export interface OomZone {
  readonly node: number;
  readonly name: string;
  readonly freeKib?: number;
  readonly minKib?: number;
  readonly lowKib?: number;
  readonly highKib?: number;
  readonly presentKib?: number;
  readonly managedKib?: number;
  /** lowmem_reserve[], in pages. */
  readonly protectionPages?: readonly number[];
  /** Free blocks by their order, from 0: the buddy line. */
  readonly freeBlocks?: readonly number[];
}

/** Where the memory is besides processes, in pages: the totals block of Mem-Info. */
export interface OomTotals {
  readonly shmemPages?: number;
  readonly slabReclaimablePages?: number;
  readonly slabUnreclaimablePages?: number;
  readonly pagetablesPages?: number;
  readonly activeFilePages?: number;
  readonly inactiveFilePages?: number;
}

/** The memory cgroup that hit its limit. */
export interface OomMemcg {
  /** The cgroup whose limit it was. */
  readonly path?: string;
  readonly usageKib?: number;
  readonly limitKib?: number;
  readonly swapUsageKib?: number;
  /** Of memory and swap together on cgroup v1, of swap alone on v2. */
  readonly swapLimitKib?: number;
  /** The line says `memory+swap:`: both swap figures are of memory and swap together (cgroup v1). */
  readonly isSwapLimitOfBoth?: boolean;
}

/** What the kernel's reaper freed. */
export interface OomReaped {
  readonly pid: number;
  readonly name: string;
  readonly anonRssKib: number;
  readonly fileRssKib: number;
  readonly shmemRssKib: number;
}

/** One report of the kernel's OOM killer, as far as the log has it. */
export interface OomReport {
  /** Line numbers in the log, from 1. */
  readonly firstLine: number;
  readonly lastLine: number;
  /** As on the trace line. */
  readonly kernelRelease?: string;
  readonly constraint?: OomConstraint;
  readonly trigger?: OomTrigger;
  readonly zones: readonly OomZone[];
  readonly memcg?: OomMemcg;
  /** In the order of the table, which is the order the kernel scanned in. */
  readonly tasks: readonly OomTask[];
  /** The table has a heading, and its last row is followed by something else of the report. */
  readonly isTableComplete: boolean;
  /** Rows beyond the most that are kept. */
  readonly tasksLeftOut?: number;
  readonly choice?: OomChoice;
  readonly victim?: OomVictim;
  /** The memory cgroup of the victim. @since Linux 5.0 */
  readonly victimMemcg?: string;
  /** More victims of the same decision: sharers of the memory, members of a memory.oom.group. */
  readonly alsoKilled: readonly OomVictim[];
  readonly reaped?: OomReaped;
  readonly ramPages?: number;
  readonly reservedPages?: number;
  readonly totalSwapKib?: number;
  readonly freeSwapKib?: number;
  readonly totals?: OomTotals;
  /** Nodes the allocator's cpuset allows, as printed: `0-1,3`. */
  readonly memsAllowed?: string;
  /** Nodes the allocation was bound to, as printed; absent for `(null)`. */
  readonly nodemask?: string;
  /** The message says `(oom_kill_allocating_task)`: nobody was chosen by badness. */
  readonly isAllocatingTaskKilled?: boolean;
  /** The cgroup whose memory.oom.group had all its members killed. */
  readonly groupKilled?: string;
  /** It panicked instead, or it found nobody. */
  readonly ending?: "panicked" | "no-killable-process" | "victim-already-exiting";
  /** Header, table, summary and kill are all there. */
  readonly isComplete: boolean;
}
