import type { OomReport, OomVictim } from "#domain/oom-report.ts";
import { type Disagreement, explainDisagreement, type Undecided, whyUndecided } from "./disagreement.ts";
import type { KernelVersion } from "./kernel-version.ts";
import { chooseWorst, type ScoredTask, scaleOf, scoreTask } from "./points.ts";
import { type RuleSet, ruledBy, rulesFor } from "./rule-set.ts";
import { findTotalPages, type TotalPages } from "./total-pages.ts";

/** Whom the rules of the release choose from the table of a report, held against whom the kernel killed. */
export interface Rejudgement {
  /** The release whose rules these are. */
  readonly version?: KernelVersion;
  readonly rules?: RuleSet;
  readonly total: TotalPages;
  /** Every row that could have been chosen, the highest first. */
  readonly ranking: readonly ScoredTask[];
  /** Undefined: the report does not allow a choice. */
  readonly chosen?: ScoredTask;
  /** How many others have the same points as the chosen one. */
  readonly equals: number;
  /** Whether the kernel killed the chosen one. Undefined: there is nothing to compare. */
  readonly agrees?: boolean;
  /** Why not, or why there is nothing to compare. */
  readonly reason?: Disagreement | Undecided;
}

/** Judges a report again, by the rules of its own release. */
export function rejudge(report: OomReport, killedBefore: readonly OomVictim[] = []): Rejudgement {
  const version = ruledBy(report);
  const rules = rulesFor(report);
  const total = findTotalPages(report);
  const found = { ...(version && { version }), ...(rules && { rules }), total };
  const undecided = whyUndecided(report, { rules, total });
  if (rules === undefined || undecided !== undefined) {
    return { ...found, ranking: [], equals: 0, ...(undecided && { reason: undecided }) };
  }
  const scale = scaleOf(report, rules);
  const scored = report.tasks.flatMap((task) => scoreTask(task, scale) ?? []);
  const chosen = chooseWorst(scored, rules);
  const judged = {
    ...found,
    ranking: scored.toSorted((a, b) => b.points - a.points),
    ...(chosen && { chosen }),
    equals: scored.filter((one) => one !== chosen && one.points === chosen?.points).length,
  };
  if (report.victim === undefined) return { ...judged, ...compareWithNobody(report, chosen) };
  const agrees = chosen !== undefined && isTask(chosen.task, report.victim.pid);
  if (agrees) return { ...judged, agrees };
  const reason = explainDisagreement({ report, scored, chosen, scale, total, killedBefore });
  return { ...judged, agrees, reason };
}

/** A report names a process by the thread that owns its memory. */
const isTask = ({ pid, tgid }: ScoredTask["task"], named: number): boolean => pid === named || tgid === named;

function compareWithNobody(
  { ending }: OomReport,
  chosen: ScoredTask | undefined,
): Pick<Rejudgement, "agrees" | "reason"> {
  if (ending !== "no-killable-process") return { reason: ending === undefined ? "victim-not-named" : "nobody-killed" };
  return chosen === undefined ? { agrees: true } : { agrees: false, reason: "all-killed-before" };
}
