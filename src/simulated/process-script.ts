import {
  type CgroupPath,
  cgroupPath,
  type KiB,
  kib,
  type Milliseconds,
  milliseconds,
  type OomScoreAdj,
  oomScoreAdj,
  type Pid,
  type Uid,
} from "#domain/units.ts";

/** What a process does with its own memory, one phase after the other; after the last it stays as it is. */
export type MemoryPhase =
  | { readonly kind: "steady"; readonly for: Milliseconds }
  /** Grows by that much, as fast as it is let. */
  | { readonly kind: "ramp"; readonly by: KiB; readonly perSecond: KiB }
  /** Grows for ever. */
  | { readonly kind: "leak"; readonly perSecond: KiB }
  /** Grows, holds, and gives everything it grew by back at once. */
  | { readonly kind: "spike"; readonly by: KiB; readonly perSecond: KiB; readonly hold: Milliseconds };

/** What a process does when it is asked to go. */
export type TermScript = { readonly kind: "exits"; readonly after: Milliseconds } | { readonly kind: "ignores" };

/** How a process dies once nothing holds it back. */
export interface ExitScript {
  /** From SIGKILL to letting go of its memory: short for one that runs, long for one that sleeps in the kernel or gets no CPU. */
  readonly after: Milliseconds;
  /** How long it takes to give 1 GiB back. */
  readonly perGiB: Milliseconds;
}

/** Files a process works on: the hot part of the page cache. */
export interface FileWorkingSet {
  readonly size: KiB;
  /** How much of it is gone through in a second. */
  readonly perSecond: KiB;
}

/** A file that is read once from its beginning to its end. */
export interface ReadScript {
  readonly perSecond: KiB;
  /** Undefined: it never ends. */
  readonly size?: KiB;
  /** Past the page cache (O_DIRECT): it keeps the disk busy and takes no memory. */
  readonly isDirect?: boolean;
}

/** A file that is written once from its beginning to its end. */
export interface WriteScript {
  readonly perSecond: KiB;
  /** Undefined: it never ends. */
  readonly size?: KiB;
  /** What is written to tmpfs stays in memory when its writer is gone. */
  readonly to: "disk" | "tmpfs";
}

/** Processes that a process starts, one after the other. */
export interface ChildrenScript {
  /** How many are started in a second. */
  readonly perSecond: number;
  /** How many are started in all. Undefined: no end. */
  readonly count?: number;
  /** How many there are at a time, as `make -j` holds it. Undefined: any number. */
  readonly atOnce?: number;
  /** What each of them is; its times count from its own start. */
  readonly each: ProcessScript;
}

/** One process of a scenario. */
export interface ProcessScript {
  /** Its comm. Others refer to it by this name: the first process of that name is meant. */
  readonly name: string;
  /** Undefined: the next one. A pid that has become free may be given again. */
  readonly pid?: Pid;
  /** The name of its parent. Default: init. */
  readonly parent?: string;
  readonly uid?: Uid;
  readonly cgroup?: CgroupPath;
  readonly exe?: string;
  readonly cmdline?: string;
  readonly oomScoreAdj?: OomScoreAdj;
  readonly threads?: number;
  /** An interactive shell: it leads the session of a terminal. */
  readonly leadsTerminal?: boolean;
  /** How many of it there are. Default 1. */
  readonly copies?: number;
  /** Default 0: it is there when the scenario begins, with its memory in place. */
  readonly startsAt?: Milliseconds;
  /** It exits by itself then. */
  readonly endsAt?: Milliseconds;
  /** It exits by itself when it has lived for so long. */
  readonly lasts?: Milliseconds;
  /** Anonymous memory it begins with. */
  readonly anon?: KiB;
  readonly memory?: readonly MemoryPhase[];
  /** How much of its anonymous memory it goes through in a second: what brings swapped memory back. Default 0. */
  readonly touchesPerSecond?: KiB;
  /** The part of its anonymous memory it goes through; the rest lies idle. Default: all of it. */
  readonly hot?: KiB;
  /** Program text it runs: mapped pages of files, which reclaim may drop, and which then have to be read again. */
  readonly text?: KiB;
  readonly files?: FileWorkingSet;
  readonly reads?: ReadScript;
  readonly writes?: WriteScript;
  /** Somebody sits before it: it wakes every 100 ms, and how long each wake takes is recorded. */
  readonly isInteractive?: boolean;
  readonly children?: ChildrenScript;
  readonly onSigterm?: TermScript;
  readonly onExit?: ExitScript;
  /** It is stopped (SIGSTOP) from then on: it neither grows nor answers SIGTERM. */
  readonly stopsAt?: Milliseconds;
  /** The name of a process whose memory it uses, as `clone(CLONE_VM)` without CLONE_THREAD makes them. */
  readonly sharesMemoryWith?: string;
}

/** A process in which nothing is left open that every process has. */
export type SettledScript = ProcessScript &
  Required<
    Pick<
      ProcessScript,
      | "anon"
      | "cgroup"
      | "cmdline"
      | "exe"
      | "memory"
      | "oomScoreAdj"
      | "onSigterm"
      | "onExit"
      | "startsAt"
      | "text"
      | "touchesPerSecond"
    >
  >;

/** Fills in what a process leaves open. Program, arguments and cgroup are never unknown: on a kernel, root can read them of everybody. */
export const settleScript = (script: ProcessScript): SettledScript => ({
  exe: `/usr/bin/${script.name}`,
  cmdline: script.name,
  cgroup: cgroupPath("/"),
  anon: kib(0),
  text: kib(0),
  memory: [],
  oomScoreAdj: oomScoreAdj(0),
  onSigterm: { kind: "exits", after: milliseconds(10) },
  // 1, 4 and 10 GiB were free again after 68, 296 and 706 ms (medians, 2 cores, Linux 6.18, 4 KiB pages).
  onExit: { after: milliseconds(3), perGiB: milliseconds(70) },
  startsAt: milliseconds(0),
  touchesPerSecond: kib(0),
  ...script,
});
