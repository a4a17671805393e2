import { onLists } from "#domain/meminfo.ts";
import {
  add,
  atLeast,
  type Bytes,
  below,
  type KiB,
  lessened,
  type Pages,
  pages,
  pagesToKiB,
  percent,
  percentOf,
  sum,
} from "#domain/units.ts";
import type { KernelZone, Zoneinfo } from "#domain/zoneinfo.ts";
import { defineDetector } from "#engine/define-detector.ts";
import { flag } from "#engine/option.ts";

/**
 * Zones that hold less of the machine than this do not tell of all of it: a guest whose memory was plugged in or taken
 * out by its host showed 7.7 of 23.5 GiB (Linux 6.18, 2026-11-22), and what they lack proves nothing.
 */
const leastOfMachine = percent(90);

/** How near the kernel's own OOM killer is, by the test it makes itself. */
export const kernelZone = defineDetector({
  name: "kernel-zone",
  summary:
    "The kernel's own zones: none that may serve a program has more free than the kernel's min, even if all that is " +
    "reclaimable were reclaimed; or reclaim has given up on all of them, below low. The kernel is about to kill somebody itself.",
  needs: ["meminfo", "zoneinfo"],
  deepest: "min",
  options: {
    enabled: flag({
      default: true,
      summary: "Whether the kernel's own zones are watched.",
      because:
        "headroom is one number for all zones and may be more than the kernel can use where it is asked for memory",
    }),
  },
  detect: ({ facts: { zoneinfo }, meminfo, watermarks, pageSize }) => {
    if (zoneinfo === undefined || !describesMachine(zoneinfo, meminfo.total, pageSize)) return undefined;
    const stands = zoneinfo.zones
      .filter(isUsable)
      .map((zone) => weighZone(zone, { highest: highestIndex(zoneinfo), hasSwap: meminfo.swapFree > 0 }));
    const [first, ...others] = stands;
    if (first === undefined) return undefined;
    const best = others.reduce((found, each) => (distance(each) > distance(found) ? each : found), first);
    const hasReclaimable = stands.some((stand) => distance(stand) + stand.reclaimable > 0);
    const isDirect = distance(best) <= 0;
    // kswapd wakes at low; where it has given up below that, nobody else will keep the zones from falling to min.
    const isGivenUp = stands.every((stand) => stand.zone.nodeUnreclaimable && distance(stand) <= stand.untilLow);
    return {
      reason: {
        kind: "kernel-zone",
        node: best.zone.node,
        name: best.zone.name,
        free: pagesToKiB(best.free, pageSize),
        needed: pagesToKiB(isGivenUp ? add(best.needed, best.untilLow) : best.needed, pageSize),
        reclaimable: pagesToKiB(best.reclaimable, pageSize),
      },
      breached: hasReclaimable && !isGivenUp ? undefined : "min",
      isNear: isDirect || below(onLists(meminfo), watermarks.high),
      // What is available and on none of the lists is slab.
      quietAbove: add(watermarks.high, meminfo.slabReclaimable),
    };
  },
});

interface Stand {
  readonly zone: KernelZone;
  /** What a program may take of it. */
  readonly free: Pages;
  /** min, and what the zone keeps back from requests that could use a higher one. */
  readonly needed: Pages;
  /** From min to low, where the kernel begins to reclaim in the background. */
  readonly untilLow: Pages;
  readonly reclaimable: Pages;
}

const distance = ({ free, needed }: Stand): number => free - needed;

function describesMachine({ zones }: Zoneinfo, total: KiB, pageSize: Bytes): boolean {
  const managed = pagesToKiB(sum(zones.map((zone) => zone.managed)), pageSize);
  return atLeast(managed, percentOf(leastOfMachine, total));
}

const isUsable = ({ managed }: KernelZone): boolean => managed > 0;

/** The zone a fault of a program asks first: Movable where it is populated. */
const highestIndex = ({ zones }: Zoneinfo): number => Math.max(...zones.filter(isUsable).map(({ index }) => index));

/**
 * CMA counts: what a program faults in may lie there. What is reserved for atomic requests does not, where it is told.
 * @see v6.12 mm/page_alloc.c: __zone_watermark_ok, should_reclaim_retry; mm/vmscan.c: zone_reclaimable_pages
 */
function weighZone(
  zone: KernelZone,
  { highest, hasSwap }: { readonly highest: number; readonly hasSwap: boolean },
): Stand {
  const { free, freeHighatomic, min, low, protection, activeFile, inactiveFile, activeAnon, inactiveAnon } = zone;
  return {
    zone,
    free: lessened(free, freeHighatomic ?? pages(0)),
    needed: sum([min, protection[highest] ?? pages(0)]),
    untilLow: lessened(low, min),
    reclaimable: sum([activeFile, inactiveFile, ...(hasSwap ? [activeAnon, inactiveAnon] : [])]),
  };
}
