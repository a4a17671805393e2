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
import { stallCounts, stalledShare } from "./stalled.ts";

/** A page cache smaller than this share of RAM is taken for that large: a few pages that come and go are no thrashing. */
const leastCache = percent(1);
/** A larger one is taken for that large: a disk brings what it brings, however large the machine is. */
const mostCache = gib(2);

/**
 * Memory that is taken away and wanted back at once, while tasks wait for it. What counts is the exchange, the smaller of
 * what was reclaimed and what was refaulted: copying a file reclaims and refaults nothing, waking up from hibernation
 * refaults and reclaims nothing. And both without a stall cost nobody anything: a database that scans more than fits.
 * Available memory does not speak against it: page cache that is wanted back counts as available. A page cache that was
 * left large does: programs fit into it, and who exchanges it works on data that fit into no memory.
 */
export const thrash = defineDetector({
  name: "thrash",
  summary:
    "Thrashing: memory that is reclaimed and refaulted in exchange, while tasks wait for it. How much memory is " +
    "available does not matter, because a page cache that is needed counts as available.",
  needs: ["meminfo", "pressure", "vmstat"],
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
      default: percent(70),
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
      auto: ({ userMemory }) => percentOf(percent(25), userMemory),
      summary: "It counts only while the page cache is smaller than this; auto is a quarter of user memory.",
      because:
        "a machine was seen frozen with a seventh available; with more cache left it is data that does not fit, not programs",
    }),
  },
  watch: ({ pressure, vmstat }, { window }) =>
    pressure &&
    vmstat && {
      window,
      counts: {
        refaulted: vmstat.fileRefaults + (vmstat.anonRefaults ?? 0),
        reclaimed: vmstat.stolenByKswapd + vmstat.stolenDirectly,
        reclaimedDirectly: vmstat.stolenDirectly,
        swappedIn: vmstat.pagesSwappedIn,
        ...stallCounts(pressure),
      },
    },
  detect: ({ growth, meminfo, available, pageSize }, options) => {
    const { limit, line, stall_limit: stallLimit, window, cache_below: cacheBelow } = options;
    if (growth === undefined) return undefined;
    const size = (grown: number) => pagesToKiB(pages(Math.round(grown)), pageSize);
    const [refaulted, reclaimed] = [size(growth.refaulted), size(growth.reclaimed)];
    const cache = greatest(add(meminfo.activeFile, meminfo.inactiveFile), percentOf(leastCache, meminfo.total));
    const isSqueezed = below(cache, cacheBelow);
    const exchanged = share(least(refaulted, reclaimed), least(cache, mostCache));
    const stalled = stalledShare(growth[line], window);
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
      },
      breached: isSqueezed && atLeast(exchanged, limit) && atLeast(stalled, stallLimit) ? "min" : undefined,
      quietAbove: kib(0),
      isNear: isSqueezed && atLeast(exchanged, scale(limit, 1 / 2)) && atLeast(stalled, scale(stallLimit, 1 / 2)),
    };
  },
});
