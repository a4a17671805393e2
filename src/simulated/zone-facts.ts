import { add, type KiB, kibToPages, type Pages, pages, subtract, sum } from "#domain/units.ts";
import type { KernelZone, Zoneinfo } from "#domain/zoneinfo.ts";
import { type Kernel, totalsOf } from "./kernel.ts";
import { reclaimableOf } from "./reclaim.ts";
import { spreadFree } from "./watermarks.ts";

/**
 * What `/proc/zoneinfo` would say: the zones add up to meminfo. What is on the lists is spread over them in proportion to what
 * of them is used.
 */
export function zoneinfoOf(kernel: Kernel): Zoneinfo {
  const { zones, scenario } = kernel;
  const totals = totalsOf(kernel);
  const inPages = (amount: KiB): Pages => kibToPages(amount, scenario.pageSize);
  const free = spreadFree(zones, totals.free);
  const used = zones.map((zone, index) => subtract(zone.managed, free[index] ?? zone.managed));
  const weights = used.map((part) => part / Math.max(1, sum(used)));
  const frees = split(
    inPages(totals.free),
    free.map((part) => part / Math.max(1, totals.free)),
  );
  const managed = split(
    inPages(scenario.ram),
    zones.map((zone) => zone.managed / scenario.ram),
  );
  const lists = {
    activeAnon: split(inPages(totals.activeAnon), weights),
    inactiveAnon: split(inPages(totals.inactiveAnon), weights),
    activeFile: split(inPages(totals.activeFile), weights),
    inactiveFile: split(inPages(totals.inactiveFile), weights),
  };
  const nodeUnreclaimable = kernel.isKswapdAwake && reclaimableOf(kernel) < 1;
  const none = pages(0);
  return {
    zones: zones.map(
      ({ name, index, min, low, high, protection }): KernelZone => ({
        node: 0,
        name,
        index,
        free: frees[index] ?? none,
        min: inPages(min),
        low: inPages(low),
        high: inPages(high),
        present: managed[index] ?? none,
        managed: managed[index] ?? none,
        protection: protection.map(inPages),
        activeAnon: lists.activeAnon[index] ?? none,
        inactiveAnon: lists.inactiveAnon[index] ?? none,
        activeFile: lists.activeFile[index] ?? none,
        inactiveFile: lists.inactiveFile[index] ?? none,
        freeCma: none,
        freeHighatomic: none,
        nodeUnreclaimable,
      }),
    ),
  };
}

/** Splits pages by weights so that nothing is lost: what rounding leaves goes to the highest zone. */
function split(total: Pages, weights: readonly number[]): readonly Pages[] {
  const parts = weights.map((weight) => pages(Math.floor(total * Math.min(1, weight))));
  const rest = subtract(total, sum(parts));
  return parts.map((part, index) => (index === parts.length - 1 ? add(part, rest) : part));
}
