import type { OomReport } from "#domain/oom-report.ts";
import type { Rejudgement } from "#engine/rejudge/rejudge.ts";
import { findPageSize } from "#engine/rejudge/total-pages.ts";

interface Note {
  readonly text: string;
  readonly isTrue: (report: OomReport, judged: Rejudgement) => boolean;
}

const hasRows = ({ tasks }: OomReport): boolean => tasks.length > 0;

const notes: readonly Note[] = [
  {
    text: "The log begins inside the report: who asked for memory is missing.",
    isTrue: ({ trigger }) => trigger === undefined,
  },
  { text: "The kernel's release is not in it.", isTrue: ({ kernelRelease }) => kernelRelease === undefined },
  {
    text: "It does not say where memory was short: in the machine, in a cgroup, or on some nodes.",
    isTrue: ({ constraint }) => constraint === undefined,
  },
  { text: "It has no table of tasks.", isTrue: (report) => !hasRows(report) },
  {
    text: "The table of tasks is only a part: its beginning or its end is missing.",
    isTrue: (report) => hasRows(report) && !report.isTableComplete,
  },
  {
    text: "The zones of memory and their watermarks are missing.",
    isTrue: ({ constraint, zones }) => constraint !== "memcg" && zones.length === 0,
  },
  {
    text: "The usage and the limit of the memory cgroup are missing.",
    isTrue: ({ constraint, memcg }) => constraint === "memcg" && memcg?.limitKib === undefined,
  },
  {
    text: "Nobody is named as killed.",
    isTrue: ({ victim, ending }) => victim === undefined && ending === undefined,
  },
  {
    text: "How large the victim was is not in it.",
    isTrue: ({ victim }) => victim !== undefined && victim.totalVmKib === undefined,
  },
  {
    text: "This release prints no swap per task.",
    isTrue: (report) => hasRows(report) && report.tasks.every(({ swapentsPages }) => swapentsPages === undefined),
  },
  {
    text: "This release prints no page tables per task.",
    isTrue: (report) =>
      hasRows(report) &&
      report.tasks.every(({ pgtablesBytes, ptePages }) => pgtablesBytes === undefined && ptePages === undefined),
  },
  {
    text: "This release does not tell anonymous memory from files per task.",
    isTrue: (report) => hasRows(report) && report.tasks.every(({ rssAnonPages }) => rssAnonPages === undefined),
  },
  {
    text: "The size of a page is not in it; 4 KiB is taken for granted.",
    isTrue: (report) => hasRows(report) && findPageSize(report) === undefined,
  },
  {
    text: "The total that oom_score_adj is a share of is not in it: scores with an oom_score_adj are approximate.",
    isTrue: (report, { total }) =>
      total.least !== total.most &&
      report.tasks.length > 1 &&
      report.tasks.some(({ oomScoreAdj = 0 }) => oomScoreAdj !== 0 && oomScoreAdj !== -1000),
  },
  {
    text: "Whether a task has the capability that gave root a discount is not in it; uid 0 is taken for it.",
    isTrue: (_, { rules, ranking }) => rules?.rootBonus !== undefined && ranking.some(({ task }) => task.uid === 0),
  },
];

/** What the report does not contain, as far as something would have been said by it. */
export const noteGaps = (report: OomReport, judged: Rejudgement): readonly string[] =>
  notes.filter(({ isTrue }) => isTrue(report, judged)).map(({ text }) => text);
