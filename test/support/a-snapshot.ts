import type { GiverReport } from "#domain/giver.ts";
import type { Membership, WatchedMemcg } from "#domain/memcg.ts";
import type { Meminfo } from "#domain/meminfo.ts";
import type { Pressure, Stall } from "#domain/pressure.ts";
import type { ProcessFacts, ProcessMemory, ProcessTable } from "#domain/process.ts";
import { known, type Snapshot } from "#domain/snapshot.ts";
import {
  type CgroupPath,
  gib,
  type KiB,
  kib,
  lessened,
  type Milliseconds,
  microseconds,
  milliseconds,
  oomScoreAdj,
  percent,
  pid,
  startTicks,
  sum,
  uid,
} from "#domain/units.ts";
import type { VictimReport } from "#domain/victim-report.ts";
import type { Vmstat } from "#domain/vmstat.ts";

/** A machine of 16 GiB without swap, by what is available on it; the rest of it is anonymous memory. */
export function someMeminfo({
  available,
  ...more
}: { readonly available: KiB } & Partial<Omit<Meminfo, "available">>): Meminfo {
  const total = more.total ?? gib(16);
  return {
    total,
    free: available,
    available,
    buffers: kib(0),
    cached: kib(0),
    anon: lessened(total, available),
    shmem: kib(0),
    activeFile: kib(0),
    inactiveFile: kib(0),
    slabReclaimable: kib(0),
    hugetlb: kib(0),
    zswap: undefined,
    zswapped: undefined,
    swapTotal: kib(0),
    swapFree: kib(0),
    committedAs: kib(0),
    commitLimit: total,
    ...more,
  };
}

const someStall = (totalMs: number): Stall => ({
  average10: percent(0),
  average60: percent(0),
  average300: percent(0),
  total: microseconds(totalMs * 1000),
});

/** Pressure by the milliseconds stalled since boot. */
export const somePressure = ({ some, full }: { readonly some: number; readonly full: number }): Pressure => ({
  some: someStall(some),
  full: someStall(full),
});

/** A machine on which nothing was ever reclaimed. */
export const noReclaim: Vmstat = {
  pagesSwappedIn: 0,
  pagesSwappedOut: 0,
  scannedByKswapd: 0,
  scannedDirectly: 0,
  stolenByKswapd: 0,
  stolenDirectly: 0,
  allocationStalls: 0,
  fileRefaults: 0,
  anonRefaults: 0,
  majorFaults: 0,
  oomKills: 0,
};

/** What a test says of a process; the rest is ordinary. */
export interface ProcessWish {
  readonly pid: number;
  readonly startTicks?: number;
  readonly parent?: number;
  readonly comm?: string;
  readonly uid?: number;
  readonly anon?: KiB;
  readonly swap?: KiB;
  readonly shmem?: KiB;
  /** Unless it is what is resident. */
  readonly counted?: KiB;
  readonly pageTables?: KiB;
  readonly virtual?: KiB;
  readonly oomScoreAdj?: number;
  readonly leadsSession?: boolean;
  readonly leadsTerminal?: boolean;
  readonly isKernelThread?: boolean;
  readonly isDying?: boolean;
  readonly isStopped?: boolean;
  readonly hasNoMemory?: boolean;
  readonly exe?: string;
  readonly cmdline?: string;
  readonly cgroup?: CgroupPath;
}

function memoryOf({
  pid: number,
  anon = kib(0),
  shmem = kib(0),
  counted,
  swap,
  pageTables,
  virtual,
}: ProcessWish): ProcessMemory {
  return {
    virtual: virtual ?? sum([anon, kib(number)]),
    rss: sum([anon, shmem]),
    counted: counted ?? sum([anon, shmem]),
    anon,
    file: kib(0),
    shmem,
    swap: swap ?? kib(0),
    pageTables: pageTables ?? kib(0),
  };
}

/** A process as a table shows it. */
export function someProcess(wish: ProcessWish): ProcessFacts {
  const { isKernelThread = false, isDying = false, hasNoMemory = false, exe, cmdline, cgroup } = wish;
  return {
    identity: { pid: pid(wish.pid), startTicks: startTicks(wish.startTicks ?? wish.pid) },
    parent: pid(wish.parent ?? 1),
    comm: wish.comm ?? `process-${wish.pid}`,
    uid: uid(wish.uid ?? 1000),
    state: wish.isStopped === true ? "stopped" : "sleeping",
    threads: 1,
    leadsSession: wish.leadsSession ?? wish.leadsTerminal ?? false,
    leadsTerminal: wish.leadsTerminal ?? false,
    isKernelThread,
    isDying,
    oomScoreAdj: oomScoreAdj(wish.oomScoreAdj ?? 0),
    memory: hasNoMemory ? undefined : memoryOf(wish),
    traits: { exe, cmdline, cgroup },
  };
}

/** The killer in every table below: its parent is the service manager's, pid 1. */
export const selfPid = pid(900);

/** A table of init, the killer and whatever else is wished. */
export const someTable = (wishes: readonly ProcessWish[], isComplete = true): ProcessTable => ({
  self: selfPid,
  isComplete,
  processes: [
    someProcess({ pid: 1, comm: "init" }),
    someProcess({ pid: 900, comm: "tidemark" }),
    ...wishes.map(someProcess),
  ],
});

/** What a look saw: only what is wished. */
export function aSnapshot(wish: {
  readonly at: number;
  readonly meminfo?: Meminfo;
  readonly pressure?: Pressure;
  readonly table?: ProcessTable;
  readonly memcgs?: readonly WatchedMemcg[];
  readonly membership?: Membership;
  readonly victims?: readonly VictimReport[];
  readonly givers?: readonly GiverReport[];
}): Snapshot {
  return {
    takenAt: milliseconds(wish.at),
    victims: wish.victims ?? [],
    ...(wish.givers && { givers: wish.givers }),
    ...(wish.meminfo && { meminfo: known(wish.meminfo) }),
    ...(wish.pressure && { pressure: known(wish.pressure) }),
    ...(wish.memcgs && { memcgs: known(wish.memcgs) }),
    ...(wish.membership && { membership: known(wish.membership) }),
    ...(wish.table && { processes: known(wish.table) }),
  };
}

export const ms = (n: number): Milliseconds => milliseconds(n);
