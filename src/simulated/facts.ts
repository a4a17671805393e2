import type { Meminfo } from "#domain/meminfo.ts";
import type { ProcessFacts, ProcessState, ProcessTable } from "#domain/process.ts";
import { type Facts, known, type Reading, unavailable } from "#domain/snapshot.ts";
import type { Swaps } from "#domain/swaps.ts";
import {
  add,
  type KiB,
  kib,
  kibToPages,
  least,
  lessened,
  type Pages,
  pages,
  pagesToKiB,
  scale,
  subtract,
  sum,
  uid,
} from "#domain/units.ts";
import type { Vmstat } from "#domain/vmstat.ts";
import type { Zoneinfo } from "#domain/zoneinfo.ts";
import type { Look } from "#machine/machine.ts";
import {
  anonOf,
  filesOf,
  freeOf,
  type Kernel,
  pageTablesOf,
  swapFreeOf,
  swappedOf,
  totalOf,
  watermarksOf,
} from "./kernel.ts";
import type { SimulatedProcess } from "./process.ts";
import { pressureOf } from "./psi.ts";
import { reclaimableOf } from "./reclaim.ts";
import { swapSizeOf } from "./scenario.ts";

/** What was read, by the name of the fact. */
type Readings = { readonly [F in keyof Facts]?: Reading<Facts[F]> };

/** Reads one fact; `isPressing` leaves out what could hang on a real machine. */
type Sensor<F extends keyof Facts> = (kernel: Kernel, isPressing: boolean) => { readonly [K in F]: Reading<Facts[K]> };

/** One sensor for each fact there is: a new fact does not compile until it is answered. */
const sensors: { readonly [F in keyof Facts]: Sensor<F> } = {
  meminfo: (kernel) => ({ meminfo: known(meminfoOf(kernel)) }),
  pressure: ({ psi, scenario }) => ({
    pressure: scenario.lacks.includes("pressure") ? noPressure : known(pressureOf(psi)),
  }),
  vmstat: (kernel) => ({ vmstat: known(vmstatOf(kernel)) }),
  zoneinfo: (kernel) => ({ zoneinfo: known(zoneinfoOf(kernel)) }),
  swaps: (kernel) => ({ swaps: known(swapsOf(kernel)) }),
  arc: () => ({ arc: known(undefined) }),
  overcommit: () => ({ overcommit: known("heuristic") }),
  memcgs: () => ({ memcgs: known([]) }),
  processes: (kernel, isPressing) => ({ processes: known(tableOf(kernel, isPressing)) }),
};

const noPressure = unavailable({
  call: "open",
  errno: "ENOENT",
  subject: "the pressure of the simulated machine",
  advice: 'take "pressure" out of what the scenario lacks',
});

/** Reads what is asked for, and nothing else. */
export const readFacts = (kernel: Kernel, { needs, isPressing }: Look): Readings =>
  needs.reduce<Readings>((readings, fact) => Object.assign(readings, sensors[fact](kernel, isPressing)), {});

/** What `/proc/meminfo` would say, as far as we ask it. */
export function meminfoOf(kernel: Kernel): Meminfo {
  const { scenario, coldCache } = kernel;
  const files = totalOf(kernel, filesOf);
  const cached = kib(add(coldCache, files));
  const anon = kib(totalOf(kernel, anonOf));
  return {
    total: scenario.ram,
    free: kib(freeOf(kernel)),
    available: scenario.lacks.includes("mem-available") ? undefined : availableOf(kernel, cached),
    buffers: kib(0),
    cached,
    anon,
    shmem: kib(0),
    activeFile: kib(files),
    inactiveFile: lessened(cached, kib(files)),
    slabReclaimable: kib(0),
    hugetlb: kib(0),
    zswap: undefined,
    zswapped: undefined,
    swapTotal: swapSizeOf(scenario),
    swapFree: kib(swapFreeOf(kernel)),
    committedAs: kib(add(anon, totalOf(kernel, swappedOf))),
    commitLimit: kib(add(scale(scenario.ram, 1 / 2), swapSizeOf(scenario))),
  };
}

/** @see mm/show_mem.c: si_mem_available */
function availableOf(kernel: Kernel, cached: KiB): KiB {
  const { low, high } = watermarksOf(kernel.scenario);
  const spareable = subtract(cached, least(scale(cached, 1 / 2), low));
  return kib(lessened(add(freeOf(kernel), spareable), high));
}

function vmstatOf({ counters, scenario }: Kernel): Vmstat {
  const inPages = (amount: KiB): Pages => kibToPages(amount, scenario.pageSize);
  return {
    pagesSwappedIn: inPages(counters.swappedIn),
    pagesSwappedOut: inPages(counters.swappedOut),
    scannedByKswapd: inPages(counters.scannedByKswapd),
    scannedDirectly: inPages(counters.scannedDirectly),
    stolenByKswapd: inPages(counters.stolenByKswapd),
    stolenDirectly: inPages(counters.stolenDirectly),
    allocationStalls: Math.ceil(counters.allocationStalls),
    fileRefaults: inPages(counters.fileRefaulted),
    anonRefaults: inPages(counters.swappedIn),
    oomKills: counters.oomKills,
  };
}

function zoneinfoOf(kernel: Kernel): Zoneinfo {
  const { scenario } = kernel;
  const inPages = (amount: KiB): Pages => kibToPages(amount, scenario.pageSize);
  const { min, low, high } = watermarksOf(scenario);
  const none = pages(0);
  return {
    zones: [
      {
        node: 0,
        name: "Normal",
        index: 0,
        free: inPages(freeOf(kernel)),
        min: inPages(min),
        low: inPages(low),
        high: inPages(high),
        present: inPages(scenario.ram),
        managed: inPages(scenario.ram),
        protection: [none],
        activeAnon: none,
        inactiveAnon: inPages(totalOf(kernel, anonOf)),
        activeFile: inPages(totalOf(kernel, filesOf)),
        inactiveFile: inPages(kernel.coldCache),
        freeCma: none,
        freeHighatomic: none,
        nodeUnreclaimable: kernel.isKswapdAwake && reclaimableOf(kernel) === 0,
      },
    ],
  };
}

function swapsOf(kernel: Kernel): Swaps {
  const size = swapSizeOf(kernel.scenario);
  if (size === 0) return { devices: [] };
  const used = kib(lessened(size, swapFreeOf(kernel)));
  return { devices: [{ path: "/swapfile", kind: "file", size, used, priority: -2 }] };
}

function tableOf(kernel: Kernel, isPressing: boolean): ProcessTable {
  return {
    self: kernel.self.pid,
    processes: kernel.processes.map((process) => factsOf(kernel, process, isPressing)),
    isComplete: true,
  };
}

function factsOf({ scenario }: Kernel, process: SimulatedProcess, isPressing: boolean): ProcessFacts {
  const { identity, comm, parent, script, mm, isKernelThread, isDying } = process;
  process.isAcquainted ||= !isPressing;
  const inPages = (amount: KiB): KiB => pagesToKiB(kibToPages(amount, scenario.pageSize), scenario.pageSize);
  const [anon, file, swap] = [inPages(mm.anon), inPages(mm.files), inPages(mm.swapped)];
  const pageTables = inPages(pageTablesOf(process));
  const rss = add(anon, file);
  return {
    identity,
    parent,
    comm,
    uid: script.uid ?? uid(0),
    state: stateOf(process),
    threads: script.threads ?? 1,
    isKernelThread,
    isDying,
    oomScoreAdj: script.oomScoreAdj,
    memory:
      isKernelThread || mm.isDetached
        ? undefined
        : { virtual: sum([rss, swap]), rss, counted: rss, anon, file, shmem: kib(0), swap, pageTables },
    traits: {
      exe: isKernelThread ? undefined : script.exe,
      // Reading arguments takes a lock of the process: they are remembered from the last look that was in no hurry.
      cmdline: process.isAcquainted && !isKernelThread ? script.cmdline : undefined,
      cgroup: script.cgroup,
    },
  };
}

function stateOf({ isKernelThread, isDying, isStopped, demand }: SimulatedProcess): ProcessState {
  if (isKernelThread) return "idle";
  if (isDying) return "running";
  if (isStopped) return "stopped";
  if (demand.stalled > 0.5) return "uninterruptible";
  return demand.busy > 0.5 ? "running" : "sleeping";
}
