import type { JudgementView, PointsView } from "#daemon/views/autopsy-judgement-view.ts";
import type { PolicyView } from "#daemon/views/autopsy-task-view.ts";
import type { AutopsyView } from "#daemon/views/autopsy-view.ts";
import { describeSize } from "#journal/amounts.ts";
import { escapeText } from "#journal/escape.ts";
import { clipName } from "./clip-name.ts";
import { describeTerms } from "./ranking-text.ts";
import { type Column, renderTable } from "./table.ts";
import { wrapAfter } from "./wrap.ts";

type Reason = NonNullable<JudgementView["reason"]>;

/** Why the kernel's victim is not whom its rules choose from the table, or why nobody can tell. */
const reasonTexts: Readonly<Record<Reason, string>> = {
  "rules-not-decidable":
    "Up to Linux 2.6.35 a score was made of run times, children and capabilities, which no report shows: it cannot be judged again",
  "no-table": "Without the table of tasks nobody can tell whether it was the one with most points",
  "no-total":
    "Up to Linux 3.4 scores were shares of all memory, and how much that was is not in the report: it cannot be judged again",
  "nobody-killed": "Nobody was killed, so there is nothing to compare with",
  "victim-not-named": "The log has no line that names whom the kernel killed, so there is nothing to compare with",
  "allocating-task-killed":
    "vm.oom_kill_allocating_task is set: whoever asks is killed, and nobody is chosen by points",
  "child-sacrificed":
    "The kernel chose the same one, and killed its child with most points in its place, as it did up to Linux 5.0",
  "choice-line-missing":
    "This release may kill a child of the one it chose, and the line that would name the chosen one is missing",
  "victim-not-in-table":
    "Whom the kernel chose is not in the table: rows are missing, or it left before the table was printed",
  "victim-protected":
    "The table shows it as protected (oom_score_adj -1000): it asked to go first (swapoff, ksm), or was protected afterwards",
  "killed-before": "It had been killed by an earlier report of this log: the kernel does not choose a victim twice",
  "sizes-not-shown":
    "This release does not print swap and page tables of each task, and there was more of both than the difference",
  "total-not-shown":
    "What one step of oom_score_adj is worth is not in the report; with a total it may have had, the victim has most points",
  "other-nodes":
    "Only tasks that may use the nodes in question were looked at, and the report does not tell which tasks those are",
  "capability-not-shown":
    "Root had a discount, by a capability and not by uid, and the report does not show who had it; it decides here",
  "equal-points": "Both have the same points, and which came first in the kernel's own scan is not in the report",
  "all-killed-before":
    "It found nobody: the kernel passes over whom it killed before, and the table does not mark them",
  "within-counter-error": "They are closer together than the kernel's own counters are exact",
  unexplained: "Nothing in the report explains that: memory may have changed hands between the choice and the table",
};

const columns: readonly Column[] = [
  { title: "  POINTS", align: "right" },
  { title: "", align: "left" },
  { title: "PID", align: "right" },
  { title: "NAME", align: "left" },
  { title: "IN PAGES", align: "left" },
];

/** The victim, the points of the first ones, whether the kernel did as its rules say, and what came back. */
export function renderVerdict(view: AutopsyView): readonly string[] {
  const { judgement } = view;
  const { kernel, victim, runner_up } = judgement;
  const isDead = (points: PointsView): boolean => points.pid === view.victim?.pid;
  const shown = [kernel, victim, runner_up?.pid === victim?.pid ? undefined : runner_up].filter(
    (each) => each !== undefined,
  );
  const rows = shown.map((points) => [
    `  ${points.points_permille ?? points.points_pages}`,
    isDead(points) ? "killed" : "",
    String(points.pid),
    clipName(points.name),
    describePages(points),
  ]);
  return [
    ...(rows.length === 0 ? [] : [renderTable(columns, rows)]),
    ...verdictSentences(judgement).map((text) => wrapAfter("  ", `${text}.`)),
    ...aftermath(view).map((text) => wrapAfter("  ", `${text}.`)),
  ];
}

function describePages({ terms_pages, points_kib }: PointsView): string {
  const terms = Object.entries(terms_pages).map(([name, pages], at) => {
    const sign = pages < 0 ? "− " : at === 0 ? "" : "+ ";
    return `${sign}${name} ${Math.abs(pages)}`;
  });
  return `${terms.join(" ")} = ${describeSize(points_kib)}`;
}

function verdictSentences({ kernel, agrees, reason, equals, tie, rules_since }: JudgementView): readonly string[] {
  const same =
    equals === undefined
      ? []
      : [`${equals} more ${equals === 1 ? "has" : "have"} as many points; this release takes the ${tie} in its scan`];
  const rules = rules_since === undefined ? "" : ` (rules of Linux ${rules_since} and later)`;
  if (agrees === true && kernel !== undefined)
    return [`Most points of all that may be killed${rules}: the kernel kept to its rules`, ...same];
  if (agrees === true) return ["Nobody may be killed by its rules, and it found nobody"];
  if (reason === undefined) return [];
  const head =
    agrees === false && kernel !== undefined
      ? [`By its rules${rules} it would have been ${kernel.pid} (${escapeText(kernel.name)})`]
      : [];
  return [...head, reasonTexts[reason]];
}

function aftermath({ choice, victim, reaped, also_killed, group_killed }: AutopsyView): readonly string[] {
  return [
    ...(choice === undefined || choice.pid === victim?.pid
      ? []
      : [`The kernel's own choice was ${choice.pid} (${escapeText(choice.name)}), with a score of ${choice.score}`]),
    ...(group_killed === undefined
      ? []
      : [`memory.oom.group is set: all of ${escapeText(group_killed)} had to go with it`]),
    ...(also_killed === undefined
      ? []
      : [
          `Killed with it: ${also_killed
            .slice(0, 8)
            .map(({ pid, name }) => `${pid} (${escapeText(name)})`)
            .join(", ")}${also_killed.length > 8 ? `, and ${also_killed.length - 8} more` : ""}`,
        ]),
    ...(reaped === undefined || victim === undefined ? [] : [reapSentence(reaped, victim)]),
  ];
}

function reapSentence(reaped: NonNullable<AutopsyView["reaped"]>, victim: NonNullable<AutopsyView["victim"]>): string {
  const { anon_rss_kib: left } = reaped;
  const before = victim.anon_rss_kib === undefined ? "" : `${describeSize(victim.anon_rss_kib)} of `;
  return `The kernel's reaper took its memory back: ${left === 0 ? "nothing" : describeSize(left)} was left of ${before}anonymous memory`;
}

const policyColumns: readonly Column[] = [
  { title: "  POLICY", align: "left" },
  { title: "PID", align: "right" },
  { title: "NAME", align: "left" },
  { title: "GIVES BACK", align: "right" },
  { title: "BECAUSE", align: "left" },
];

/** One line for each policy. */
export function renderPolicies({ policies }: AutopsyView): readonly string[] {
  if (policies.length === 0) return [];
  const isGuessed = policies.some(({ is_split_guessed }) => is_split_guessed);
  return [
    renderTable(policyColumns, policies.map(policyRow)),
    ...(isGuessed
      ? [wrapAfter("  ", "All that is resident is taken for anonymous: the report does not tell it from files.")]
      : []),
  ];
}

function policyRow({ policy, pid, name, returns_kib, terms_kib = {} }: PolicyView): readonly string[] {
  if (pid === undefined || name === undefined || returns_kib === undefined)
    return [`  ${policy}`, "", "nobody", "", ""];
  return [`  ${policy}`, String(pid), clipName(name), describeSize(returns_kib), describeTerms({ terms_kib })];
}
