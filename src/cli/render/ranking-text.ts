import type { AskedView, FamilyView, ProcessView, RankingView } from "#daemon/views/explain-view.ts";
import { columnSize, describeSize, describeSpan } from "#journal/amounts.ts";
import { escapeText } from "#journal/escape.ts";
import type { VictimFields } from "#journal/field-groups.ts";
import { describeGuard } from "./guard-text.ts";
import { groupLines, scopeLines } from "./scope-text.ts";
import type { Style } from "./style.ts";
import { type Column, renderTable } from "./table.ts";
import { describeUnit } from "./unit-text.ts";
import { wrapAfter } from "./wrap.ts";

type Ineligible = keyof RankingView["ineligible"];

/** Why a process is out, of one and of many. */
const ineligibleTexts: Readonly<Record<Ineligible, string>> = {
  init: "init",
  "kernel-thread": "thread of the kernel",
  "out-of-scope": "not in the scope",
  self: "tidemark itself",
  "ancestor-of-self": "parent of tidemark",
  "no-memory": "owns no memory",
  "oom-score-adj-min": "oom_score_adj is -1000",
  skipped: "given up before",
  "rule-never": "protected by a rule",
  guarded: "guarded as a part of the session",
  "group-holds-protected": "in a memcg that dies as a whole, with somebody protected",
  "not-among-only": "outside what the rules with the verdict only allow",
};

const columns: readonly Column[] = [
  { title: "#", align: "right" },
  { title: "PID", align: "right" },
  { title: "NAME", align: "left", most: 20 },
  { title: "UID", align: "right" },
  { title: "BADNESS", align: "right" },
  { title: "RSS", align: "right" },
  { title: "SWAP", align: "right" },
  { title: "WHY", align: "left" },
];

/** The ranking as it would be now: who goes first, then the order, then who is out. */
export function renderRanking(view: RankingView, top: number, style: Style): string {
  const shown = view.ranking.slice(0, top);
  const table = renderTable(columns, shown.map(rankedRow));
  const more = view.ranking.length - shown.length;
  return [
    style.strong(wrapAfter("", headline(view))),
    ...scopeLines(view.scope),
    ...groupLines(view.oom_group),
    ...(view.unit === undefined ? [] : [wrapAfter("", `With it go ${describeUnit(view.unit)}`)]),
    ...(view.is_complete ? [] : [style.warning("Processes of other users are hidden: run as root to see them all.")]),
    "",
    ...(shown.length === 0 ? [] : [table, ...(more > 0 ? [style.faint(`… and ${more} more`)] : []), ""]),
    ...outLines(view),
  ].join("\n");
}

function headline({ ranking, policy, eligible, processes }: RankingView): string {
  const [first] = ranking;
  const among = `${eligible} of ${processes} processes are eligible; policy ${policy}`;
  if (first === undefined) return `Nobody could be chosen: ${among}`;
  return `First to go: ${first.pid} (${escapeText(first.comm)}), gives back ${describeSize(first.returns_kib)}; ${among}`;
}

function rankedRow(victim: VictimFields, index: number): readonly string[] {
  return [
    String(index + 1),
    String(victim.pid),
    escapeText(victim.comm),
    victim.uid === undefined ? "?" : String(victim.uid),
    columnSize(victim.badness_kib),
    columnSize(victim.rss_kib),
    columnSize(victim.swap_kib),
    describeTerms(victim),
  ];
}

/** `anon 2.9 GiB + swap 512 MiB − avoid 100 MiB`. */
export function describeTerms({ terms_kib }: Pick<VictimFields, "terms_kib">): string {
  const terms = Object.entries(terms_kib).map(([name, size]) => ({ text: `${name} ${describeSize(size)}`, size }));
  return terms
    .map(({ text, size }, at) => {
      if (size < 0) return `${at === 0 ? "−" : " − "}${text.replace(" -", " ")}`;
      return at === 0 ? text : ` + ${text}`;
    })
    .join("");
}

function outLines({ ineligible }: RankingView): readonly string[] {
  const entries = Object.entries(ineligible).toSorted(([, a], [, b]) => b - a);
  if (entries.length === 0) return [];
  const rows = entries.map(([why, count]) => ["", String(count), reasonFor(why)]);
  const blank: Column = { title: "", align: "left" };
  return ["Out of the question:", renderTable([blank, { title: "", align: "right" }, blank], rows)];
}

const isKnownReason = (why: string): why is Ineligible => Object.hasOwn(ineligibleTexts, why);

const reasonFor = (why: string): string => (isKnownReason(why) ? ineligibleTexts[why] : why);

/** One process: its place or why it has none, what it is, and what each rule says of it. */
export function renderProcess(view: ProcessView, style: Style): string {
  return [
    style.strong(wrapAfter("", verdictOf(view))),
    ...scopeLines(view.scope),
    ...(view.verdict === "eligible" ? groupLines(view.oom_group) : []),
    "",
    ...facts(view).map(([name, value]) => wrapAfter(`  ${name.padEnd(factWidth)}`, value)),
    // No rule speaks of threads of the kernel: they are out before anybody asks.
    ...(isOfKernel(view) ? [] : ruleLines(view, style)),
  ].join("\n");
}

const factWidth = 15;

function verdictOf(view: ProcessView): string {
  const who = `${view.pid} (${escapeText(view.comm)})`;
  if (view.verdict === "ineligible") {
    if (view.guard !== undefined) return `${who} goes only when nobody else can: ${describeGuard(view.guard, view)}`;
    const rule = view.rule === undefined ? "" : `: ${escapeText(view.rule)}`;
    return `${who} is not eligible: ${ineligibleTexts[view.why]}${rule}`;
  }
  return `${who} is number ${view.place} of ${view.eligible} in the order of policy ${view.policy}`;
}

const isOfKernel = (view: ProcessView): boolean => view.verdict === "ineligible" && view.why === "kernel-thread";

function facts(view: ProcessView): readonly (readonly [string, string])[] {
  // Nothing is read of a thread of the kernel: it owns no memory and runs no program.
  const unread = isOfKernel(view) ? undefined : "not ours to read";
  const known: readonly (readonly [string, string | undefined])[] = [
    ...(view.verdict === "eligible" ? chosenFacts(view) : []),
    ["resident", view.rss_kib === undefined ? undefined : describeSize(view.rss_kib)],
    ["swapped out", view.swap_kib === undefined ? undefined : describeSize(view.swap_kib)],
    ["oom_score_adj", String(view.oom_score_adj)],
    ["uid", view.uid === undefined ? unread : String(view.uid)],
    ["exe", view.exe === undefined ? unread : escapeText(view.exe)],
    ["cgroup", view.memcg === undefined ? undefined : escapeText(view.memcg)],
    ["container", view.container === undefined ? undefined : escapeText(view.container)],
  ];
  return known.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
}

/** What is of interest of somebody who can be chosen only. */
const chosenFacts = ({
  candidate,
  asked,
  unit,
  family,
}: Chosen): readonly (readonly [string, string | undefined])[] => [
  ["badness", `${describeSize(candidate.badness_kib)} = ${describeTerms(candidate)}`],
  ["gives back", describeSize(candidate.returns_kib)],
  ["asked by", describeAsked(asked)],
  ["dies with", unit && describeUnit(unit)],
  ["family", describeFamily(family)],
];

type Chosen = Extract<ProcessView, { verdict: "eligible" }>;

/** `/usr/local/bin/save, or SIGTERM if that fails; SIGKILL after 20.0 s`. */
function describeAsked(asked: AskedView | undefined): string | undefined {
  if (asked === undefined) return undefined;
  const { signal, program, grace_ms: grace } = asked;
  const first = program === undefined ? signal : `${escapeText(program)}, or ${signal} if that fails`;
  return signal === "SIGKILL" && program === undefined ? signal : `${first}; SIGKILL after ${describeSpan(grace)}`;
}

const describeFamily = (family: FamilyView | undefined): string | undefined =>
  family && `${describeSize(family.returns_kib)} in ${family.processes} processes`;

const matchWords = { yes: "matches", no: "does not match", unknown: "might match" } as const;

function ruleLines({ rules }: ProcessView, style: Style): readonly string[] {
  if (rules.length === 0) return ["", "No rules are in force."];
  const speaking = rules.filter(({ matches }) => matches !== "no");
  const silent = rules.length - speaking.length;
  return [
    "",
    ...speaking.map(({ rule, verdict, matches }) =>
      wrapAfter(`  ${verdict.padEnd(8)}${matchWords[matches].padEnd(13)}`, escapeText(rule)),
    ),
    style.faint(`${silent} of ${rules.length} rules do not speak of it`),
  ];
}
