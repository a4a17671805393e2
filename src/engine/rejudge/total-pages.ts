import type { OomReport, OomZone } from "#domain/oom-report.ts";
import { type Bytes, bytes, type KiB, kib, kibToBytes, kibToPages } from "#domain/units.ts";
import { compareVersions, parseKernelVersion } from "./kernel-version.ts";

/** The kernel's `totalpages`: what one step of oom_score_adj is a thousandth of. */
export interface TotalPages {
  /** The best figure the report allows. */
  readonly pages: number;
  /** It lies between these for certain. Equal: the figure is exact. */
  readonly least: number;
  readonly most: number;
}

const commonPageSize = bytes(4096);
const pageSizes: readonly Bytes[] = [commonPageSize, bytes(8192), bytes(16384), bytes(32768), bytes(65536)];

/** A damaged report may hold numbers that no memory has. */
const sound = (size: number): KiB => kib(Math.min(Number.MAX_SAFE_INTEGER, Math.max(0, size)));

/** The size of a page: the victim's address space is told in KiB as well as in pages. Undefined: the report does not show it. */
export function findPageSize({ victim, tasks }: OomReport): Bytes | undefined {
  if (victim?.totalVmKib === undefined) return undefined;
  const row = tasks.find(({ pid }) => pid === victim.pid);
  if (row === undefined || row.totalVmPages <= 0) return undefined;
  const size = kibToBytes(sound(victim.totalVmKib)) / row.totalVmPages;
  return pageSizes.find((each) => each === size);
}

/** As {@link findPageSize}, or what nearly every machine has. */
export const pageSizeOf = (report: OomReport): Bytes => findPageSize(report) ?? commonPageSize;

type ToPages = (size: number) => number;

/** Turns what the report gives in KiB into its pages. */
export function pagesIn(report: OomReport): ToPages {
  const pageSize = pageSizeOf(report);
  return (size) => kibToPages(sound(size), pageSize);
}

const exactly = (total: number): TotalPages => ({ pages: total, least: total, most: total });
const unknown: TotalPages = { pages: 0, least: 0, most: Number.MAX_SAFE_INTEGER };

/** `0-1,3`. Undefined: it is no list of nodes. */
export function parseNodes(list: string): readonly number[] | undefined {
  const ranges = list.split(",").map((range) => /^(\d{1,4})(?:-(\d{1,4}))?$/.exec(range));
  if (ranges.some((range) => range === null)) return undefined;
  return ranges.flatMap((range) => {
    const first = Number(range?.[1]);
    const last = Number(range?.[2] ?? first);
    return Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => first + at);
  });
}

function sumPresent(zones: readonly OomZone[]): number | undefined {
  const present = zones.flatMap(({ presentKib }) => (presentKib === undefined ? [] : [presentKib]));
  return zones.length === 0 || present.length < zones.length ? undefined : present.reduce((a, b) => a + b, 0);
}

/** @see mm/oom_kill.c: constrained_alloc; present pages since Linux 5.4, spanned ones (holes too) before */
function totalOfNodes(report: OomReport, list: string | undefined, toPages: ToPages): TotalPages {
  const nodes = list === undefined ? undefined : parseNodes(list);
  const present = sumPresent(report.zones.filter(({ node }) => nodes?.includes(node)));
  if (present === undefined || report.totalSwapKib === undefined) return unknown;
  const total = toPages(present) + toPages(report.totalSwapKib);
  const version = report.kernelRelease === undefined ? undefined : parseKernelVersion(report.kernelRelease);
  const isPresent = version !== undefined && compareVersions(version, [5, 4, 0]) >= 0;
  return isPresent ? exactly(total) : { pages: total, least: total, most: total * 2 };
}

function totalOfMachine({ ramPages, reservedPages, totalSwapKib }: OomReport, toPages: ToPages) {
  if (ramPages === undefined || reservedPages === undefined || totalSwapKib === undefined) return unknown;
  return ramPages < reservedPages ? unknown : exactly(ramPages - reservedPages + toPages(totalSwapKib));
}

/** The swap a memory cgroup may use belongs to its capacity; how much of it the machine has is seldom told. */
function totalOfMemcg({ memcg, totalSwapKib }: OomReport, toPages: ToPages): TotalPages {
  if (memcg?.limitKib === undefined) return unknown;
  const { limitKib, swapUsageKib = 0, swapLimitKib, isSwapLimitOfBoth } = memcg;
  const least = Math.max(1, toPages(limitKib));
  const allowed = swapLimitKib === undefined ? undefined : swapLimitKib - (isSwapLimitOfBoth ? limitKib : 0);
  const most = Math.min(allowed ?? Number.MAX_SAFE_INTEGER, totalSwapKib ?? Number.MAX_SAFE_INTEGER);
  if (most <= 0) return exactly(least);
  // Swappiness 0 takes the swap out of the sum again, and no report tells it.
  const used = Math.max(0, swapUsageKib - (isSwapLimitOfBoth ? (memcg.usageKib ?? 0) : 0));
  const isKnown = totalSwapKib !== undefined || (allowed !== undefined && allowed <= limitKib);
  const top = Math.min(Number.MAX_SAFE_INTEGER, least + toPages(most));
  return { pages: isKnown ? top : least + toPages(Math.min(used, most)), least, most: top };
}

/** `totalpages` of the part of the machine that was short of memory. */
export function findTotalPages(report: OomReport): TotalPages {
  const toPages = pagesIn(report);
  if (report.constraint === undefined) return unknown;
  switch (report.constraint) {
    case "memcg":
      return totalOfMemcg(report, toPages);
    case "cpuset":
      return totalOfNodes(report, report.memsAllowed, toPages);
    case "memory-policy":
      return totalOfNodes(report, report.nodemask, toPages);
    case "none":
      return totalOfMachine(report, toPages);
  }
}
