import { printedPages } from "#daemon/autopsy/sizes.ts";
import { present } from "#daemon/present.ts";
import type { OomReport } from "#domain/oom-report.ts";
import type { Bytes, KiB } from "#domain/units.ts";
import { describeVersion } from "#engine/rejudge/kernel-version.ts";
import type { ScoredTask } from "#engine/rejudge/points.ts";
import type { Rejudgement } from "#engine/rejudge/rejudge.ts";
import { pageSizeOf } from "#engine/rejudge/total-pages.ts";

/** One task's score, in pages, and the parts it is the sum of. */
export interface PointsView {
  readonly pid: number;
  readonly name: string;
  readonly points_pages: number;
  /** The same as a size. */
  readonly points_kib: KiB;
  /** What releases up to Linux 3.4 compared: thousandths of all memory. */
  readonly points_permille?: number;
  readonly terms_pages: Readonly<Record<string, number>>;
}

/** Whom the rules of the release choose, and whether that is whom the kernel killed. */
export interface JudgementView {
  /** Whom the rules choose. */
  readonly kernel?: PointsView;
  /** The one who died, by the same rules, when it is somebody else. */
  readonly victim?: PointsView;
  /** The next of another name, to compare with. */
  readonly runner_up?: PointsView;
  readonly agrees?: boolean;
  readonly reason?: NonNullable<Rejudgement["reason"]>;
  /** How many others have the same points as the chosen one, and which of equals the release takes. */
  readonly equals?: number;
  readonly tie?: "first" | "last";
  /** The first release with these rules. */
  readonly rules_since?: string;
  readonly total_pages?: number;
  readonly is_total_exact?: boolean;
}

interface Unit {
  readonly pageSize: Bytes;
  readonly isPermille: boolean;
}

const viewPoints = ({ task, points, pointsPages, terms }: ScoredTask, { pageSize, isPermille }: Unit): PointsView => ({
  pid: task.pid,
  name: task.name,
  points_pages: pointsPages,
  points_kib: printedPages(pointsPages, pageSize),
  ...present({ points_permille: isPermille ? points : undefined }),
  terms_pages: Object.fromEntries(terms.map(({ name, pages }) => [name, pages])),
});

/** A rejudgement for people and programs. */
export function viewJudgement(report: OomReport, judged: Rejudgement): JudgementView {
  const { chosen, ranking, rules, total, equals } = judged;
  const unit = { pageSize: pageSizeOf(report), isPermille: rules?.measure === "permille" };
  const view = (scored: ScoredTask | undefined) => scored && viewPoints(scored, unit);
  const dead = ranking.find(({ task }) => task.pid === report.victim?.pid);
  return present({
    kernel: view(chosen),
    victim: dead === chosen ? undefined : view(dead),
    runner_up: view(ranking.find(({ task }) => task.name !== chosen?.task.name)),
    agrees: judged.agrees,
    reason: judged.reason,
    equals: equals === 0 ? undefined : equals,
    tie: equals === 0 ? undefined : rules?.tie,
    rules_since: rules && describeVersion(rules.since),
    total_pages: total.pages === 0 ? undefined : total.pages,
    is_total_exact: total.pages === 0 ? undefined : total.least === total.most,
  });
}
