import type { OomReport, OomTask, OomVictim } from "#domain/oom-report.ts";
import { adjOf, type Scale, type ScoredTask, scoreTask } from "./points.ts";
import type { RuleSet } from "./rule-set.ts";
import { pagesIn, type TotalPages } from "./total-pages.ts";

/** Why a report cannot be compared. */
export type Undecided =
  /** Up to Linux 2.6.35, or nothing to tell the release by. */
  | "rules-not-decidable"
  | "no-table"
  /** Scores are shares of a total (up to Linux 3.4) that the report does not show. */
  | "no-total"
  /** It panicked, or found the victim dying already. */
  | "nobody-killed"
  /** The log does not have the line. */
  | "victim-not-named";

/** Why the kernel killed somebody else than its rules choose from the table. Each is proven by the report. */
export type Disagreement =
  /** `vm.oom_kill_allocating_task`: nobody was chosen. */
  | "allocating-task-killed"
  /** The choice line names whom we choose; the child with most points died in its place. */
  | "child-sacrificed"
  /** The release sacrifices children, and the line that would name the parent is missing. */
  | "choice-line-missing"
  /** The table lacks whom the kernel chose. */
  | "victim-not-in-table"
  /** The table shows the victim as protected: it was changed, or it asked to die first (swapoff, ksm). */
  | "victim-protected"
  /** Ours was killed by an earlier report of the same log: its memory counts no more. */
  | "killed-before"
  /** What the table does not show (swap, page tables) is more than the difference. */
  | "sizes-not-shown"
  /** The size of all memory is not in the report, and the victim comes first for sizes it may have had. */
  | "total-not-shown"
  /** Only tasks that may use certain nodes were looked at; the report does not tell whose are which. */
  | "other-nodes"
  /** Root's discount goes by a capability, which the report does not show. */
  | "capability-not-shown"
  /** Both have the same points, and the table is not the order of the scan. */
  | "equal-points"
  /** It found nobody; whoever of the table may be killed was killed before, and was passed over (MMF_OOM_SKIP). */
  | "all-killed-before"
  /** The difference is less than the kernel's own counters are off by. */
  | "within-counter-error"
  | "unexplained";

/** All there is to explain a disagreement by. */
export interface Evidence {
  readonly report: OomReport;
  readonly scored: readonly ScoredTask[];
  readonly chosen: ScoredTask | undefined;
  readonly scale: Scale;
  readonly total: TotalPages;
  /** Victims of earlier reports of the same log. */
  readonly killedBefore: readonly OomVictim[];
}

/** Both sides of a disagreement: whom the rules choose, and whom the kernel chose. */
interface Rivals extends Evidence {
  readonly ours: ScoredTask;
  readonly theirs: ScoredTask;
  /** How much ours is ahead, in pages. */
  readonly lead: number;
}

/** What prevents a comparison from the outset. */
export function whyUndecided(
  { tasks }: OomReport,
  { rules, total }: { readonly rules: RuleSet | undefined; readonly total: TotalPages },
): Undecided | undefined {
  if (tasks.length === 0) return "no-table";
  if (rules === undefined) return "rules-not-decidable";
  return rules.measure === "permille" && total.pages === 0 ? "no-total" : undefined;
}

const isNamed = ({ pid, tgid }: OomTask, named: number | undefined): boolean => pid === named || tgid === named;

const isVictim = ({ pid, name }: OomTask, victim: OomVictim): boolean => pid === victim.pid && name === victim.name;

/** The first reason that the report proves. */
export function explainDisagreement(evidence: Evidence): Disagreement {
  const { report, scored, chosen } = evidence;
  const { choice, victim } = report;
  if (report.isAllocatingTaskKilled) return "allocating-task-killed";
  const named = choice?.pid ?? victim?.pid;
  if (chosen !== undefined && choice !== undefined && isNamed(chosen.task, choice.pid)) return "child-sacrificed";
  if (!report.tasks.some((task) => isNamed(task, named))) return "victim-not-in-table";
  const theirs = scored.find(({ task }) => isNamed(task, named));
  if (theirs === undefined || chosen === undefined) return "victim-protected";
  const rivals = { ...evidence, ours: chosen, theirs, lead: chosen.pointsPages - theirs.pointsPages };
  return reasons.find(([, isProven]) => isProven(rivals))?.[0] ?? "unexplained";
}

const reasons: readonly (readonly [Disagreement, (rivals: Rivals) => boolean])[] = [
  ["killed-before", ({ ours, killedBefore }) => killedBefore.some((victim) => isVictim(ours.task, victim))],
  ["equal-points", ({ ours, theirs, report }) => ours.points === theirs.points && hiddenPages(report) === 0],
  ["sizes-not-shown", ({ lead, report }) => lead <= hiddenPages(report)],
  ["total-not-shown", (rivals) => winsForSomeTotal(rivals)],
  ["other-nodes", ({ report }) => report.constraint === "cpuset" || report.constraint === "memory-policy"],
  ["capability-not-shown", (rivals) => winsWithOtherCapabilities(rivals)],
  ["within-counter-error", ({ lead }) => lead <= counterError],
  ["choice-line-missing", ({ report, scale }) => scale.rules.sacrificesChild && report.choice === undefined],
];

/** Three counters, each up to 64 pages behind in every one of two threads: the least that is always possible. */
const counterError = 192;

/** Swap and page tables in use that no row shows. */
function hiddenPages(report: OomReport): number {
  const { tasks, totalSwapKib, freeSwapKib, totals } = report;
  if (tasks.some(({ swapentsPages }) => swapentsPages !== undefined)) return 0;
  const isTold = totalSwapKib !== undefined && freeSwapKib !== undefined;
  const swapped = isTold ? pagesIn(report)(totalSwapKib - freeSwapKib) : 0;
  return swapped + (totals?.pagetablesPages ?? 0);
}

/** Whether a total between the bounds makes the kernel's choice beat every rival: each rival bounds the worth of a step. */
function winsForSomeTotal({ total, scale, theirs, scored }: Rivals): boolean {
  if (scale.rules.measure !== "pages" || total.least === total.most) return false;
  const stepOf = (pages: number): number => Math.trunc(pages / 1000);
  const withoutAdj = ({ terms }: ScoredTask): number =>
    terms.reduce((sum, { name, pages }) => (name === "oom_score_adj" ? sum : sum + pages), 0);
  let least = stepOf(total.least);
  let most = stepOf(total.most);
  for (const rival of scored) {
    const ahead = withoutAdj(rival) - withoutAdj(theirs);
    const slope = adjOf(theirs.task) - adjOf(rival.task);
    // theirs wins where slope × step ≥ ahead.
    if (slope > 0) least = Math.max(least, Math.ceil(ahead / slope));
    else if (slope < 0) most = Math.min(most, Math.floor(ahead / slope));
    else if (ahead > 0) return false;
  }
  return least <= most;
}

function winsWithOtherCapabilities({ ours, theirs, scale }: Rivals): boolean {
  if (scale.rules.rootBonus === undefined) return false;
  const asRoot = scoreTask(ours.task, scale, true)?.points ?? ours.points;
  const asUser = scoreTask(theirs.task, scale, false)?.points ?? theirs.points;
  return Math.max(asUser, theirs.points) >= Math.min(asRoot, ours.points);
}
