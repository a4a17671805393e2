import type { Identity } from "./identity.ts";
import type { SystemFailure } from "./system-error.ts";
import { type CgroupPath, type KiB, type OomScoreAdj, type Pid, type StartTicks, sum, type Uid } from "./units.ts";

/** The state letter of `/proc/PID/stat`. @see fs/proc/array.c: task_state_array */
export type ProcessState =
  | "running"
  | "sleeping"
  | "uninterruptible"
  | "stopped"
  | "tracing"
  | "zombie"
  | "dead"
  | "idle"
  | "unknown";

/** Memory of one mm, as the process that owns it sees it. */
export interface ProcessMemory {
  /** VmSize: address space, most of which may hold nothing. */
  readonly virtual: KiB;
  /** anon + file + shmem that is resident. */
  readonly rss: KiB;
  /** `rss` as the OOM killer of this kernel counts it: some releases count approximately, tens of pages off on few CPUs, more on many. */
  readonly counted: KiB;
  readonly anon: KiB;
  readonly file: KiB;
  /** Resident shared memory; comes back only when nobody else maps it and no file keeps it. */
  readonly shmem: KiB;
  readonly swap: KiB;
  readonly pageTables: KiB;
}

/** What comes back for certain when its owner dies: anonymous memory, swap and page tables. Files and shared memory may stay. */
export const returnsOf = ({ anon, swap, pageTables }: ProcessMemory): KiB => sum([anon, swap, pageTables]);

/** Facts that are read in calm and remembered by identity until the next calm look: reading some of them takes the victim's own locks. */
export interface ProcessTraits {
  /** Real path of the executable. Undefined: not read yet, or not ours to read. */
  readonly exe: string | undefined;
  /** Arguments joined by single spaces. Undefined: not read yet, or not ours to read. */
  readonly cmdline: string | undefined;
  /** Path in the hierarchy that controls memory: the memory controller of cgroup v1 where there is one, else the unified one. */
  readonly cgroup: CgroupPath | undefined;
}

/** One thread group. @see proc_pid_stat(5), proc_pid_status(5) */
export interface ProcessFacts {
  readonly identity: Identity;
  /** Undefined for processes without a parent: pid 1 and kthreadd. */
  readonly parent: Pid | undefined;
  /** The task name, at most 15 bytes, which may cut a character in half; damaged UTF-8 shows as U+FFFD. Not escaped: it can hold any byte but NUL. */
  readonly comm: string;
  readonly uid: Uid | undefined;
  readonly state: ProcessState;
  readonly threads: number;
  /** It leads a session, in the sense of setsid(2): what a service manager starts does, and what that starts in turn mostly does not. Absent: nobody could tell. */
  readonly leadsSession?: boolean;
  /** It leads a session that has a controlling terminal: an interactive shell, or what stands in for one. Absent: nobody could tell. */
  readonly leadsTerminal?: boolean;
  readonly isKernelThread: boolean;
  /** SIGKILL is pending or every thread is exiting, and no core is being dumped: memory is on its way back. */
  readonly isDying: boolean;
  readonly oomScoreAdj: OomScoreAdj;
  /** Undefined: no thread owns an mm (kernel threads, zombies). */
  readonly memory: ProcessMemory | undefined;
  readonly traits: ProcessTraits;
}

/** Processes of which nothing was read but what they can have at the most. */
export interface UnreadProcesses {
  readonly count: number;
  /** None of them has more RAM and swap. */
  readonly held: KiB;
  /** None of them has more anonymous memory, resident or swapped. Absent: that was not told from the rest of what they hold. */
  readonly own?: KiB;
  /** None of them has more by the kernel's measure, which counts oom_score_adj as memory, in thousandths of the machine. */
  readonly permille: number;
}

/** Figures of {@link UnreadProcesses} that a limit can go by. One that nobody asked for is as high as it can be. */
export type Bound = keyof Pick<UnreadProcesses, "held" | "own" | "permille">;

/** All processes that could be seen. Whoever has not changed from one table to the next is the very same object in both. */
export interface ProcessTable {
  /** The killer itself. */
  readonly self: Pid;
  /** In the order of their age, the eldest first; the order carries no meaning for a decision. */
  readonly processes: readonly ProcessFacts[];
  /** False when processes are hidden from us (hidepid) or could not be understood: the table is only a part. */
  readonly isComplete: boolean;
  /** When it was read, on the clock of start times. Absent: nobody could tell. */
  readonly readAt?: StartTicks;
  /** Left out, because there was no time for them. Absent: nobody was. */
  readonly unread?: UnreadProcesses;
  /** Why the first of those that could not be understood was left out. */
  readonly failure?: SystemFailure;
}
