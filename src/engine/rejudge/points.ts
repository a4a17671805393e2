import type { OomReport, OomTask } from "#domain/oom-report.ts";
import { type Bytes, oomScoreAdjMin } from "#domain/units.ts";
import type { RootBonus, RuleSet } from "./rule-set.ts";
import { findTotalPages, pageSizeOf } from "./total-pages.ts";

/** One part of a score in pages; negative when it speaks for the task. */
export interface PointTerm {
  readonly name: "rss" | "swap" | "page_tables" | "root_bonus" | "oom_score_adj";
  readonly pages: number;
}

/** A row of the table with the score the rules give it. */
export interface ScoredTask {
  readonly task: OomTask;
  /** What the rules compare: pages, or thousandths of all memory up to Linux 3.4. */
  readonly points: number;
  /** The same in pages. */
  readonly pointsPages: number;
  readonly terms: readonly PointTerm[];
}

/** What a score depends on besides the task. */
export interface Scale {
  readonly rules: RuleSet;
  readonly totalPages: number;
  readonly pageSize: Bytes;
}

const steps = 1000;
const legacyDisabled = -17;
const legacyMost = 15;

/** What somebody set, in the modern unit. @see mm/oom_kill.c, fs/proc/base.c: oom_adj_write */
export function adjOf({ oomScoreAdj, oomAdj }: OomTask): number {
  if (oomScoreAdj !== undefined) return oomScoreAdj;
  if (oomAdj === undefined) return 0;
  return oomAdj === legacyMost ? steps : Math.trunc((oomAdj * steps) / -legacyDisabled);
}

/** The scale a report sets. */
export const scaleOf = (report: OomReport, rules: RuleSet): Scale => ({
  rules,
  totalPages: findTotalPages(report).pages,
  pageSize: pageSizeOf(report),
});

/** Pages of page tables, as the release counts them in its table. */
export function pageTablePages({ pgtablesBytes, ptePages, pmdPages }: OomTask, pageSize: Bytes): number {
  if (pgtablesBytes !== undefined) return Math.trunc(pgtablesBytes / pageSize);
  return (ptePages ?? 0) + (pmdPages ?? 0);
}

/** A capability is meant, which no report shows: nearly everybody with uid 0 has it, and nearly nobody else. */
const bonusOf = (bonus: RootBonus | undefined, own: number, step: number): number => {
  if (bonus === undefined) return 0;
  return bonus.kind === "machine" ? bonus.steps * step : Math.trunc((own * bonus.parts) / bonus.of);
};

/** Scores one row; undefined when the kernel would not have looked at it. `isRoot` says what to take it for. */
export function scoreTask(task: OomTask, scale: Scale, isRoot: boolean = task.uid === 0): ScoredTask | undefined {
  if (adjOf(task) === oomScoreAdjMin) return undefined;
  const { rules, totalPages, pageSize } = scale;
  const tables = rules.countsPageTables ? pageTablePages(task, pageSize) : 0;
  const swap = task.swapentsPages ?? 0;
  const own = task.rssPages + swap + tables;
  // Thousandths were not truncated to whole pages; steps in pages are.
  const step = rules.measure === "pages" ? Math.trunc(totalPages / steps) : totalPages / steps;
  const bonus = isRoot ? Math.trunc(bonusOf(rules.rootBonus, own, step)) : 0;
  const terms: readonly PointTerm[] = [
    { name: "rss", pages: task.rssPages },
    { name: "swap", pages: swap },
    { name: "page_tables", pages: tables },
    { name: "root_bonus", pages: -bonus },
    { name: "oom_score_adj", pages: Math.trunc(adjOf(task) * step) },
  ];
  const sum = terms.reduce((total, { pages }) => total + pages, 0);
  const pointsPages = rules.hasFloor ? Math.max(1, sum) : sum;
  return {
    task,
    points: rules.measure === "pages" ? pointsPages : permilleOf(task, own, { scale, isRoot }),
    pointsPages,
    terms: terms.filter(({ pages }) => pages !== 0),
  };
}

/** v3.4 mm/oom_kill.c: oom_badness() multiplies before it divides, and holds the result between 1 and 1000. */
function permilleOf(task: OomTask, own: number, { scale, isRoot }: { scale: Scale; isRoot: boolean }): number {
  const bonus = isRoot && scale.rules.rootBonus?.kind === "machine" ? scale.rules.rootBonus.steps : 0;
  const share = scale.totalPages === 0 ? 0 : Math.trunc((own * steps) / scale.totalPages);
  return Math.min(steps, Math.max(1, share - bonus + adjOf(task)));
}

/** Whom the rules choose of what was scored, in the order of the scan. */
export function chooseWorst(scored: readonly ScoredTask[], { tie }: RuleSet): ScoredTask | undefined {
  const beats = (one: ScoredTask, best: ScoredTask): boolean =>
    tie === "last" ? one.points >= best.points : one.points > best.points;
  return scored.reduce<ScoredTask | undefined>(
    (best, one) => (best === undefined || beats(one, best) ? one : best),
    undefined,
  );
}
