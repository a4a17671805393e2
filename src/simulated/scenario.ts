import type { MemcgPreference } from "#domain/branch.ts";
import {
  type Bytes,
  bytes,
  type CgroupPath,
  type KiB,
  kib,
  type Milliseconds,
  mib,
  milliseconds,
  type OomScoreAdj,
  oomScoreAdjMin,
  scale,
} from "#domain/units.ts";
import type { ProcessScript } from "./process-script.ts";
import { chosenMinFree } from "./watermarks.ts";

/** One device of swap. Those of a higher priority are filled first. */
export type SwapScript = {
  readonly size: KiB;
  /** Default: those of zram before those on disks. */
  readonly priority?: number;
  /** It is not there before. */
  readonly swaponAt?: Milliseconds;
  /** From then on it is emptied, slowly, and it is gone when it is empty. */
  readonly swapoffAt?: Milliseconds;
} & (
  | {
      readonly kind: "disk";
      /** Bandwidth of a disk of its own. Undefined: it lies on the disk the files are on, and shares it. */
      readonly perSecond?: KiB;
    }
  | {
      readonly kind: "zram";
      /** How many pages fit into one. */
      readonly ratio: number;
      /** The most RAM it may take. */
      readonly memLimit?: KiB;
      /** How fast pages are compressed. */
      readonly perSecond?: KiB;
    }
);

/** Compressed memory in front of the swap on disks. */
export interface ZswapScript {
  readonly ratio: number;
  /** The most RAM it may take. */
  readonly maxPool: KiB;
}

/** The cache of ZFS: memory MemAvailable knows nothing of, given back slowly. */
export interface ArcScript {
  readonly size: KiB;
  /** c_min: below it nothing is given back. */
  readonly min: KiB;
  /** How fast it shrinks while memory is short. */
  readonly perSecond: KiB;
}

/** The machine sleeps: its clock jumps, and whatever was due meanwhile is due when it wakes. */
export interface SuspendScript {
  readonly at: Milliseconds;
  readonly for: Milliseconds;
  /** It wakes with cold caches, as from hibernation: all files have to be read again. */
  readonly dropsCaches?: boolean;
}

/** A cgroup with limits. */
export interface CgroupScript {
  readonly path: CgroupPath;
  /** memory.max */
  readonly max?: KiB;
  /** memory.swap.max */
  readonly swapMax?: KiB;
  /** memory.low: what reclaim leaves it on the real kernel; here it counts in rankings only. */
  readonly low?: KiB;
  /** memory.oom.group, as whoever chooses among cgroups sees it. */
  readonly diesWhole?: boolean;
  readonly preference?: MemcgPreference;
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
  readonly swaps?: readonly SwapScript[];
  /** vm.swappiness, 0–200. */
  readonly swappiness?: number;
  readonly zswap?: ZswapScript | undefined;
  /** Bandwidth of the disk the files are on. */
  readonly diskPerSecond?: KiB;
  /** How long the disk takes to begin with one read that does not follow the last one. */
  readonly diskLatency?: Milliseconds;
  /** Cached file pages that nobody will read again. The hot part belongs to the processes that work on it. */
  readonly fileCache?: KiB;
  /** Files in tmpfs: shared memory that only swap can take. */
  readonly tmpfs?: KiB;
  /** Memory set aside for huge pages, which nobody uses. */
  readonly hugetlb?: KiB;
  readonly zfsArc?: ArcScript | undefined;
  /** Memory of the kernel itself that cannot be reclaimed. */
  readonly kernelMemory?: KiB;
  /** min_free_kbytes. */
  readonly minFree?: KiB;
  /** Nothing of the files and programs of its processes has been read yet: the machine has just booted. */
  readonly isColdStart?: boolean;
  readonly suspends?: readonly SuspendScript[];
  readonly cgroups?: readonly CgroupScript[];
  readonly lacks?: readonly Lack[];
  readonly killer?: Partial<KillerScript>;
  readonly processes: readonly ProcessScript[];
}

/** A scenario in which nothing is left open, but for the processes. */
export type SettledScenario = Required<Omit<Scenario, "killer">> & { readonly killer: KillerScript };

const defaultKiller: KillerScript = {
  anon: mib(16),
  oomScoreAdj: oomScoreAdjMin,
  lookTakes: milliseconds(0.2),
  actTakes: milliseconds(0.1),
};

/** Fills in what a scenario leaves open. */
export const settleScenario = (scenario: Scenario): SettledScenario => ({
  pageSize: bytes(4096),
  cpus: 4,
  swaps: [],
  // As every distribution leaves it.
  swappiness: 60,
  zswap: undefined,
  diskPerSecond: mib(200),
  // A solid-state disk; one that turns takes 8 ms.
  diskLatency: milliseconds(0.1),
  fileCache: kib(0),
  tmpfs: kib(0),
  hugetlb: kib(0),
  zfsArc: undefined,
  kernelMemory: scale(scenario.ram, 0.03),
  minFree: chosenMinFree(scenario.ram),
  isColdStart: false,
  suspends: [],
  cgroups: [],
  lacks: [],
  ...scenario,
  killer: { ...defaultKiller, ...scenario.killer },
});
