import type { OomReport, OomZone } from "#domain/oom-report.ts";
import { type Bytes, type KiB, pages, pagesToKiB } from "#domain/units.ts";
import { pageSizeOf, parseNodes } from "#engine/rejudge/total-pages.ts";
import { printedPages } from "./sizes.ts";

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

/** What a request needs to say so that zones of this name may serve it; others serve everybody. */
const special = {
  HighMem: { names: /HIGHUSER|HIGHMEM|TRANSHUGE/, bits: 0x02 },
  Movable: { names: /HIGHUSER_MOVABLE|TRANSHUGE|HIGHMEM.*__GFP_MOVABLE/, bits: 0x0a },
} as const;

const isSpecial = (name: string): name is keyof typeof special => Object.hasOwn(special, name);

/** Names of flags are printed since Linux 4.6; before, bit 1 is __GFP_HIGHMEM and bit 3 __GFP_MOVABLE. */
function mayUse(zone: string, { trigger }: OomReport): boolean {
  if (trigger === undefined || !isSpecial(zone)) return true;
  const { names, bits } = special[zone];
  if (trigger.gfpMask.includes("(")) return names.test(trigger.gfpMask);
  return (Number(trigger.gfpMask) & bits) === bits;
}

/** The entry of lowmem_reserve[] for the highest zone the request may use. */
function protectionOf({ protectionPages }: OomZone, report: OomReport): number {
  if (protectionPages === undefined) return 0;
  const names = [...new Set(report.zones.map(({ name }) => name))];
  const highest = names.findLastIndex((name) => mayUse(name, report));
  // Requests that may use every zone there is are judged by the last entry, of zones that are empty here.
  return (highest === names.length - 1 ? undefined : protectionPages[highest]) ?? protectionPages.at(-1) ?? 0;
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
  const isInReach = allowedNodes(report)?.includes(zone.node) ?? true;
  if (!isInReach || !mayUse(zone.name, report)) return { ...zone, state: "not-usable" };
  const kept = printedPages(Math.max(0, protectionOf(zone, report)), pageSize);
  const floorKib = zone.minKib === undefined ? undefined : zone.minKib + kept;
  const state = stateOf(zone, floorKib, report.trigger?.order ?? 0);
  return { ...zone, ...(floorKib !== undefined && { floorKib }), state };
}

/** Every zone against what the request had to leave free. @see v6.12 mm/page_alloc.c: __zone_watermark_ok */
export const judgeZones = (report: OomReport): readonly JudgedZone[] =>
  report.zones.map((zone) => judgeZone(zone, report, pageSizeOf(report)));

/** More than any kernel asks for. */
export const mostOrder = 20;

/** The size of what was asked for, in KiB. Undefined: nothing was, somebody pressed SysRq. */
export function askedKib({ trigger }: OomReport, pageSize: Bytes): KiB | undefined {
  if (trigger === undefined || trigger.order < 0 || trigger.order > mostOrder) return undefined;
  return pagesToKiB(pages(2 ** trigger.order), pageSize);
}
