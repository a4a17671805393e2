import type { OomReport, OomTask } from "#domain/oom-report.ts";
import { type KiB, kib, type Percent, share } from "#domain/units.ts";
import { adjOf } from "#engine/rejudge/points.ts";
import { pageSizeOf } from "#engine/rejudge/total-pages.ts";
import { type Family, groupFamilies } from "./families.ts";
import { type JudgedZone, judgeZones } from "./shortage.ts";
import { printedKib, printedPages } from "./sizes.ts";

/** A report in the units of people, added up: what advice is given by. */
export interface Account {
  readonly report: OomReport;
  /** RAM of the machine, or the limit of the memory cgroup. Undefined: the report does not show it. */
  readonly capacity: KiB | undefined;
  readonly families: readonly Family[];
  readonly zones: readonly JudgedZone[];
  /** Resident and swapped out. */
  readonly sizeOf: (task: Pick<OomTask, "rssPages" | "swapentsPages">) => KiB;
  readonly sizeOfFamily: (family: Family) => KiB;
  readonly sizeOfPages: (count: number) => KiB;
  /** The part of what all tasks hold. */
  readonly shareOfTable: (size: KiB) => Percent;
  /** The part of {@link capacity}; 0 when that is not known. */
  readonly shareOfCapacity: (size: KiB) => Percent;
  readonly largest: OomTask | undefined;
  readonly isProtected: (task: OomTask) => boolean;
}

/** RAM the kernel manages, or the limit that was hit. */
function capacityOf(report: OomReport, sizeOfPages: Account["sizeOfPages"]): KiB | undefined {
  const { memcg, ramPages, reservedPages } = report;
  if (report.constraint === "memcg") return memcg?.limitKib === undefined ? undefined : printedKib(memcg.limitKib);
  return ramPages === undefined || reservedPages === undefined ? undefined : sizeOfPages(ramPages - reservedPages);
}

/** Adds a report up. */
export function accountFor(report: OomReport): Account {
  const pageSize = pageSizeOf(report);
  const sizeOfPages = (count: number): KiB => printedPages(Math.max(0, count), pageSize);
  const sizeOf: Account["sizeOf"] = ({ rssPages, swapentsPages = 0 }) => sizeOfPages(rssPages + swapentsPages);
  const capacity = capacityOf(report, sizeOfPages);
  const held = sizeOfPages(
    report.tasks.reduce((sum, { rssPages, swapentsPages = 0 }) => sum + rssPages + swapentsPages, 0),
  );
  return {
    report,
    capacity,
    families: groupFamilies(report.tasks),
    zones: judgeZones(report),
    sizeOf,
    sizeOfFamily: ({ rssPages, swapPages = 0 }) => sizeOfPages(rssPages + swapPages),
    sizeOfPages,
    shareOfTable: (size) => share(size, held),
    shareOfCapacity: (size) => (capacity === undefined ? share(kib(0), kib(1)) : share(size, capacity)),
    largest: report.tasks.toSorted((a, b) => sizeOf(b) - sizeOf(a))[0],
    isProtected: (task) => adjOf(task) === -1000,
  };
}
