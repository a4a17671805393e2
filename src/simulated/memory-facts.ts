import type { Arc } from "#domain/arc.ts";
import type { Meminfo } from "#domain/meminfo.ts";
import type { SwapDevice as SwapFacts, Swaps } from "#domain/swaps.ts";
import {
  add,
  type KiB,
  kib,
  kibToPages,
  least,
  lessened,
  type Pages,
  scale,
  share,
  subtract,
  sum,
} from "#domain/units.ts";
import type { Vmstat } from "#domain/vmstat.ts";
import { type Kernel, type Totals, totalsOf } from "./kernel.ts";
import { isThere, type SwapDevice, zramCostOf, zswapCostOf } from "./swap-device.ts";
import { swapTotalOf } from "./swap-space.ts";

/** What `/proc/meminfo` would say, as far as we ask it. */
export function meminfoOf(kernel: Kernel): Meminfo {
  const { scenario } = kernel;
  const totals = totalsOf(kernel);
  const { activeAnon, inactiveAnon, activeFile, inactiveFile, shmem, swapped, free } = totals;
  const anon = kib(lessened(add(activeAnon, inactiveAnon), shmem));
  const swapTotal = swapTotalOf(kernel);
  return {
    total: scenario.ram,
    free: kib(free),
    available: scenario.lacks.includes("mem-available") ? undefined : availableOf(kernel, totals),
    buffers: kib(0),
    cached: kib(add(add(activeFile, inactiveFile), shmem)),
    anon,
    shmem: kib(shmem),
    activeFile: kib(activeFile),
    inactiveFile: kib(inactiveFile),
    slabReclaimable: kib(0),
    hugetlb: kib(scenario.hugetlb),
    zswap: scenario.zswap === undefined ? undefined : kib(zswapCostOf(scenario.zswap, kernel.zswapped)),
    zswapped: scenario.zswap === undefined ? undefined : kib(kernel.zswapped),
    swapTotal: kib(swapTotal),
    swapFree: kib(swapFreeOf(kernel)),
    committedAs: kib(add(add(anon, shmem), swapped)),
    commitLimit: kib(add(scale(lessened(scenario.ram, scenario.hugetlb), 1 / 2), swapTotal)),
  };
}

/** While a device leaves, what is still on it counts as free. @see mm/swapfile.c: si_swapinfo */
const swapFreeOf = ({ swaps }: Kernel): KiB =>
  sum(
    swaps.map(({ state, script, used }) => {
      if (state === "leaving") return used;
      return state === "on" ? lessened(script.size, used) : kib(0);
    }),
  );

/** @see mm/show_mem.c: si_mem_available */
function availableOf({ zones }: Kernel, { free, activeFile, inactiveFile }: Totals): KiB {
  const reserve = sum(
    zones.map(({ managed, high, protection }) => least(managed, add(high, protection.at(-1) ?? kib(0)))),
  );
  const low = sum(zones.map((zone) => zone.low));
  const files = add(activeFile, inactiveFile);
  const spareable = subtract(files, least(scale(files, 1 / 2), low));
  return kib(lessened(add(free, spareable), reserve));
}

/** What `/proc/vmstat` would say. */
export function vmstatOf({ counters, scenario }: Kernel): Vmstat {
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
    anonRefaults: inPages(counters.anonRefaulted),
    majorFaults: Math.floor(counters.majorFaults),
    oomKills: counters.oomKills,
  };
}

/** What `/proc/swaps` would say, and the devices of themselves. */
export function swapsOf({ swaps, scenario }: Kernel): Swaps {
  const devices = swaps.filter(isThere).map(deviceOf);
  const { zswap, ram } = scenario;
  return zswap === undefined ? { devices } : { devices, zswap: { maxPool: share(zswap.maxPool, ram) } };
}

function deviceOf(device: SwapDevice): SwapFacts {
  const { script, path, priority } = device;
  const common = { path, priority, size: kib(script.size), used: kib(device.used) };
  if (script.kind === "disk") return { ...common, kind: "file" };
  const stored = { original: kib(device.used), occupied: kib(zramCostOf(device)), limit: script.memLimit };
  return { ...common, kind: "zram", stored };
}

/** What ZFS would say; undefined without it. */
export function arcOf({ arc, scenario: { zfsArc } }: Kernel): Arc | undefined {
  if (zfsArc === undefined) return undefined;
  return { size: kib(arc), minimum: zfsArc.min, evictable: kib(lessened(arc, zfsArc.min)) };
}
