import {
  type Bytes,
  bytes,
  type CgroupPath,
  cgroupPath,
  type KiB,
  kib,
  type Milliseconds,
  mib,
  milliseconds,
  type OomScoreAdj,
  oomScoreAdj,
  oomScoreAdjMin,
  type Pid,
  scale,
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
  /** Default 0: it is there when the scenario begins, with its memory in place. */
  readonly startsAt?: Milliseconds;
  /** It exits by itself then. */
  readonly endsAt?: Milliseconds;
  /** Anonymous memory it begins with. */
  readonly anon?: KiB;
  readonly memory?: readonly MemoryPhase[];
  /** How much of its anonymous memory it goes through in a second: what brings swapped memory back. Default 0. */
  readonly touchesPerSecond?: KiB;
  readonly files?: FileWorkingSet;
  readonly onSigterm?: TermScript;
  readonly onExit?: ExitScript;
  /** It is stopped (SIGSTOP) from then on: it neither grows nor answers SIGTERM. */
  readonly stopsAt?: Milliseconds;
  /** The name of a process whose memory it uses, as `clone(CLONE_VM)` without CLONE_THREAD makes them. */
  readonly sharesMemoryWith?: string;
}

/** A disk that swap lives on. */
export interface SwapScript {
  readonly size: KiB;
  /** Bandwidth, each way. */
  readonly perSecond: KiB;
}

/** What an older or differently built kernel does not have. */
export type Lack = "pressure" | "pressure-triggers" | "process-mrelease" | "mem-available";

/** The simulated tidemark itself. */
export interface KillerScript {
  readonly anon: KiB;
  readonly oomScoreAdj: OomScoreAdj;
  /** Virtual time one look takes. */
  readonly lookTakes: Milliseconds;
  /** Virtual time one act takes. */
  readonly actTakes: Milliseconds;
}

/** A machine and what happens on it. Equal scenarios run equally. */
export interface Scenario {
  readonly seed: number;
  /** How long it is worth watching; the machine itself goes on for as long as somebody waits. */
  readonly duration: Milliseconds;
  /** What MemTotal says. */
  readonly ram: KiB;
  readonly pageSize?: Bytes;
  readonly cpus?: number;
  readonly swap?: SwapScript;
  /** Bandwidth of the disk the files are on. */
  readonly diskPerSecond?: KiB;
  /** Cached file pages that nobody will read again. The hot part belongs to the processes that work on it. */
  readonly fileCache?: KiB;
  /** Memory of the kernel itself that cannot be reclaimed. */
  readonly kernelMemory?: KiB;
  /** min_free_kbytes. */
  readonly minFree?: KiB;
  readonly lacks?: readonly Lack[];
  readonly killer?: Partial<KillerScript>;
  readonly processes: readonly ProcessScript[];
}

/** A scenario in which nothing is left open, but for the processes. */
export type SettledScenario = Required<Omit<Scenario, "killer">> & { readonly killer: KillerScript };

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
      | "touchesPerSecond"
    >
  >;

const defaultKiller: KillerScript = {
  anon: mib(16),
  oomScoreAdj: oomScoreAdjMin,
  lookTakes: milliseconds(0.2),
  actTakes: milliseconds(0.1),
};

/** `min_free_kbytes` as the kernel chooses it. @see mm/page_alloc.c: calculate_min_free_kbytes */
const chosenMinFree = (ram: KiB): KiB => kib(Math.min(262_144, Math.max(128, Math.sqrt(ram * 16))));

/** Fills in what a scenario leaves open. */
export const settleScenario = (scenario: Scenario): SettledScenario => ({
  pageSize: bytes(4096),
  cpus: 4,
  swap: { size: kib(0), perSecond: mib(100) },
  diskPerSecond: mib(200),
  fileCache: kib(0),
  kernelMemory: scale(scenario.ram, 0.03),
  minFree: chosenMinFree(scenario.ram),
  lacks: [],
  ...scenario,
  killer: { ...defaultKiller, ...scenario.killer },
});

/** Fills in what a process leaves open. Program, arguments and cgroup are never unknown: on a kernel, root can read them of everybody. */
export const settleScript = (script: ProcessScript): SettledScript => ({
  exe: `/usr/bin/${script.name}`,
  cmdline: script.name,
  cgroup: cgroupPath("/"),
  anon: kib(0),
  memory: [],
  oomScoreAdj: oomScoreAdj(0),
  onSigterm: { kind: "exits", after: milliseconds(10) },
  // 1, 4 and 10 GiB were free again after 68, 296 and 706 ms (medians, 2 cores, Linux 6.18, 4 KiB pages).
  onExit: { after: milliseconds(3), perGiB: milliseconds(70) },
  startsAt: milliseconds(0),
  touchesPerSecond: kib(0),
  ...script,
});
