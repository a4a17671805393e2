import {
  add,
  atLeast,
  below,
  gib,
  greatest,
  kib,
  least,
  milliseconds,
  pages,
  pagesToKiB,
  percent,
  percentOf,
  scale,
  seconds,
  share,
} from "#domain/units.ts";
import { defineDetector } from "#engine/define-detector.ts";
import { amount, choice, duration, flag, percentage } from "#engine/option.ts";
import { broughtByFaults, faultCounts, faultWait, isSlow, slowFaultDefault } from "./fault-wait.ts";
import { stallCounts, stalledShare } from "./stalled.ts";

/** A page cache smaller than this share of RAM is taken for that large: a few pages that come and go are no thrashing. */
const leastCache = percent(1);
/** Of what is reclaimed this share is wanted back, or somebody grows: that is another matter. */
const leastBalance = 1 / 2;
/** Of what is brought back this share is brought by page faults, or somebody reads files that fit into no memory. */
const leastFaulted = 1 / 4;
/** A larger one is taken for that large: a disk brings what it brings, however large the machine is. */
const mostCache = gib(2);

const ofDisks = { some: "ioSome", full: "ioFull" } as const;

/**
 * Memory that is taken away and wanted back at once, while tasks wait for it. What counts is the exchange, the smaller of
 * what was reclaimed and what was refaulted: copying a file reclaims and refaults nothing, waking up from hibernation
 * refaults and reclaims nothing. And both without a stall cost nobody anything: a database that scans more than fits.
 * Available memory does not speak against it: page cache that is wanted back counts as available. A page cache that was
 * left large does: programs fit into it, and who exchanges it works on data that fit into no memory.
 *
 * What a stall is, is up to the kernel: with MGLRU a program that is read in again by its page faults stalls 3 % of the time
 * (Linux 6.12) where it stalled 86 % before (6.1). So tasks that wait for a disk count as well, where faults are slow, and bring
 * what is wanted back.
 * @see v6.12 mm/workingset.c: lru_gen_refault
 */
export const thrash = defineDetector({
  name: "thrash",
  summary:
    "Thrashing: memory that is reclaimed and refaulted in exchange, while tasks wait for it. How much memory is " +
    "available does not matter, because a page cache that is needed counts as available.",
  needs: ["meminfo", "pressure", "ioPressure", "vmstat"],
  deepest: "min",
  options: {
    enabled: flag({
      default: true,
      summary: "Whether thrashing can call for a victim.",
      because: "a machine can be frozen with a seventh of its memory available, all of it programs being read in again",
    }),
    limit: percentage({
      range: [percent(0.1), percent(100)],
      default: percent(0.5),
      summary: "The share of the page cache that has to be exchanged within the window.",
      because:
        "a disk that seeks brings 3 MiB of swap or 12 MiB of files in a second, and a frozen machine keeps some 200 MiB of cache",
    }),
    line: choice({
      words: ["some", "full"],
      default: "full",
      summary: 'Which line of PSI has to agree: "some" task stalled, or "full": all of them.',
      because: "as long as something gets done, somebody is served",
    }),
    stall_limit: percentage({
      range: [percent(1), percent(100)],
      default: percent(65),
      summary: "The share of the window that has to be lost to the stall as well.",
      because: "a database that does not quite fit costs as much for a while; what freezes a screen costs 90 %",
    }),
    window: duration({
      range: [milliseconds(500), seconds(60)],
      default: seconds(3),
      summary: "How long it has to last.",
      because: "the start of a large program is over by then",
    }),
    cache_below: amount({
      auto: ({ userMemory }) => scale(userMemory, 1 / 3),
      summary: "It counts only while the page cache is smaller than this; auto is a third of user memory.",
      because:
        "a screen was seen to crawl with 29 % of memory in the page cache; with more left it is data that does not fit, not programs",
    }),
    slow_fault: duration({
      range: [milliseconds(0.1), seconds(1)],
      default: slowFaultDefault,
      summary: "Waiting for disks counts as a stall when a page fault takes this long in the middle.",
      because: "0.6 ms were seen of a busy SSD, and 3 to 10 ms of disks on which a screen stands still",
    }),
  },
  watch: ({ pressure, ioPressure, vmstat }, { window }) =>
    pressure &&
    ioPressure &&
    vmstat && {
      window,
      counts: {
        refaulted: vmstat.fileRefaults + (vmstat.anonRefaults ?? 0),
        reclaimed: vmstat.stolenByKswapd + vmstat.stolenDirectly,
        reclaimedDirectly: vmstat.stolenDirectly,
        swappedIn: vmstat.pagesSwappedIn,
        ...stallCounts(pressure),
        ...faultCounts(ioPressure, vmstat),
      },
    },
  detect: ({ growth, meminfo, available, pageSize }, options) => {
    if (growth === undefined) return undefined;
    const { limit, line, stall_limit: stallLimit, window, cache_below: cacheBelow, slow_fault: slow } = options;
    const size = (grown: number) => pagesToKiB(pages(Math.round(grown)), pageSize);
    const [refaulted, reclaimed] = [size(growth.refaulted), size(growth.reclaimed)];
    const cache = greatest(add(meminfo.activeFile, meminfo.inactiveFile), percentOf(leastCache, meminfo.total));
    const isSqueezed = below(cache, cacheBelow);
    const exchanged = share(least(refaulted, reclaimed), least(cache, mostCache));
    const faults = faultWait(growth, window, slow);
    const isExchange = atLeast(refaulted, scale(reclaimed, leastBalance));
    const isOfPrograms = atLeast(broughtByFaults(growth.majorFaults), scale(refaulted, leastFaulted));
    const stalled = greatest(
      isExchange ? stalledShare(growth[line], window) : percent(0),
      isOfPrograms && isSlow(faults) ? stalledShare(growth[ofDisks[line]], window) : percent(0),
    );
    return {
      reason: {
        kind: "thrashing",
        exchanged,
        limit,
        refaulted,
        reclaimed,
        reclaimedDirectly: size(growth.reclaimedDirectly),
        swappedIn: size(growth.swappedIn),
        cache: kib(cache),
        cacheBelow: kib(cacheBelow),
        line,
        stalled,
        stallLimit,
        window,
        available,
        faults,
      },
      breached: isSqueezed && atLeast(exchanged, limit) && atLeast(stalled, stallLimit) ? "min" : undefined,
      quietAbove: kib(0),
      isNear: isSqueezed && atLeast(exchanged, scale(limit, 1 / 2)) && atLeast(stalled, scale(stallLimit, 1 / 2)),
    };
  },
});
