import type { OomReport, OomZone } from "#domain/oom-report.ts";
import { type Bytes, type KiB, pages, pagesToKiB } from "#domain/units.ts";
import { pageSizeOf, parseNodes } from "#engine/rejudge/total-pages.ts";

/** Why one zone could not give what was asked for. */
export type ZoneState =
  /** Less free than its min and what it keeps back from this kind of request. */
  | "below-min"
  /** Enough in sum, and no block of the size that was asked for. */
  | "fragmented"
  /** It had enough when the report was printed. */
  | "enough"
  /** The request may not use it. */
  | "not-usable"
  | "unknown";

/** A zone held against its watermark. */
export interface JudgedZone extends OomZone {
  /** What this request had to leave free: min and the protection of the zone. */
  readonly floorKib?: number;
  readonly state: ZoneState;
}

/** Requests of user memory may be served from every zone; others from those the kernel can address directly. */
const anywhere = /HIGHUSER|HIGHMEM|MOVABLE/;
const highZones = ["HighMem", "Movable"];
const highBits = 0x0a;
/** The names of flags are printed since Linux 4.6; before, bit 1 is __GFP_HIGHMEM and bit 3 __GFP_MOVABLE. */
function maySpanHigh(gfpMask: string): boolean {
  return gfpMask.includes("(") ? anywhere.test(gfpMask) : (Number(gfpMask) & highBits) !== 0;
}

/** Which entry of lowmem_reserve[] speaks of a request: the highest zone it may use. */
function protectionOf(zone: OomZone, { report, isHigh }: { report: OomReport; isHigh: boolean }): number | undefined {
  const list = zone.protectionPages;
  if (list === undefined || isHigh) return list?.at(-1);
  const names = [...new Set(report.zones.map(({ name }) => name))];
  const at = names.findLastIndex((name) => !highZones.includes(name));
  return list[at] ?? list.at(-1);
}

function stateOf(zone: OomZone, floorKib: number | undefined, order: number): ZoneState {
  if (zone.freeKib === undefined || floorKib === undefined) return "unknown";
  if (zone.freeKib <= floorKib) return "below-min";
  if (order <= 0 || zone.freeBlocks === undefined) return "enough";
  return zone.freeBlocks.slice(order).some((blocks) => blocks > 0) ? "enough" : "fragmented";
}

/** Undefined: every node may serve it. */
function allowedNodes({ constraint, memsAllowed, nodemask }: OomReport): readonly number[] | undefined {
  const list = constraint === "cpuset" ? memsAllowed : constraint === "memory-policy" ? nodemask : undefined;
  return list === undefined ? undefined : parseNodes(list);
}

function judgeZone(zone: OomZone, report: OomReport, pageSize: Bytes): JudgedZone {
  const isHigh = report.trigger === undefined || maySpanHigh(report.trigger.gfpMask);
  const isInReach = allowedNodes(report)?.includes(zone.node) ?? true;
  if (!isInReach || (!isHigh && highZones.includes(zone.name))) return { ...zone, state: "not-usable" };
  const kept = protectionOf(zone, { report, isHigh }) ?? 0;
  const floorKib = zone.minKib === undefined ? undefined : zone.minKib + pagesToKiB(pages(Math.max(0, kept)), pageSize);
  return {
    ...zone,
    ...(floorKib !== undefined && { floorKib }),
    state: stateOf(zone, floorKib, report.trigger?.order ?? 0),
  };
}

/** Every zone against what the request had to leave free. @see v6.12 mm/page_alloc.c: __zone_watermark_ok */
export const judgeZones = (report: OomReport): readonly JudgedZone[] =>
  report.zones.map((zone) => judgeZone(zone, report, pageSizeOf(report)));

/** The size of what was asked for, in KiB. Undefined: nothing was, somebody pressed SysRq. */
export function askedKib({ trigger }: OomReport, pageSize: Bytes): KiB | undefined {
  if (trigger === undefined || trigger.order < 0 || trigger.order > 20) return undefined;
  return pagesToKiB(pages(2 ** trigger.order), pageSize);
}
