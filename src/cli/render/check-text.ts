import type { ExplainedSetting } from "#config/explain-config.ts";
import type { Overruled, RuleCount, Spared } from "#daemon/views/check-view.ts";
import type { DetectorView } from "#daemon/views/status-view.ts";
import { escapeText } from "#journal/escape.ts";
import { describeDetector } from "./detector-text.ts";
import type { Style } from "./style.ts";
import { type Column, renderTable } from "./table.ts";
import { wrapAfter } from "./wrap.ts";

const settingColumns: readonly Column[] = [
  { title: "SETTING", align: "left" },
  { title: "VALUE", align: "left" },
  { title: "HERE", align: "left" },
  { title: "FROM", align: "left" },
];

/** Every setting as it is written, what it means on this machine, and where it comes from. */
export function renderSettings(settings: readonly ExplainedSetting[]): string {
  const rows = settings.map(({ setting, written, resolved, origin }) => [
    setting,
    escapeText(written),
    resolved === written ? "" : escapeText(resolved),
    escapeText(origin),
  ]);
  return renderTable(settingColumns, rows);
}

/** Every detector with what it sees now. */
export const renderDetectors = (detectors: readonly DetectorView[]): string =>
  ["DETECTORS", ...detectors.map((seen) => wrapAfter(`  ${seen.detector.padEnd(12)}`, describeDetector(seen)))].join(
    "\n",
  );

/** Every rule with how many live processes it matches; one that matches nobody is marked. */
export function renderRules(rules: readonly RuleCount[], style: Style): string {
  if (rules.length === 0) return "No rules are in force.";
  return ["RULES", ...rules.map((rule) => renderRule(rule, style))].join("\n");
}

/** `of all of them`. */
const describeShare = (processes: number, matches: number): string =>
  processes === matches ? "of all of them" : `of ${processes} of them`;

/** Two rules that speak of one process and do not agree. */
const describeOverruled = ({ processes, by }: Overruled, matches: number): string =>
  `has no say ${describeShare(processes, matches)}: ${escapeText(by)}`;

/** A rule and the session guard that speak of one process. */
function describeSpared({ processes, examples, for_good: isForGood }: Spared, matches: number): string {
  const whom = `${describeShare(processes, matches)} (${listNames(examples, processes)})`;
  const when = isForGood ? "never goes" : "goes only when nobody else can";
  return `has no say ${whom}: [guard] spares what the session is made of, which ${when}; to give it up, set guard.session = false`;
}

const listNames = (names: readonly string[], outOf: number): string =>
  `${names.map(escapeText).join(", ")}${outOf > names.length ? ", …" : ""}`;

function renderRule({ rule, verdict, matches, unknown, examples, overruled, spared }: RuleCount, style: Style): string {
  const names = examples.length === 0 ? "" : ` (${listNames(examples, matches)})`;
  const perhaps = unknown === 0 ? "" : `, perhaps ${unknown} more that cannot be read`;
  const count = matches === 0 ? "matches no process" : `matches ${matches}`;
  const text = wrapAfter(`  ${verdict.padEnd(8)}`, `${count}${names}${perhaps}: ${escapeText(rule)}`);
  const lost = [
    ...(overruled === undefined ? [] : [describeOverruled(overruled, matches)]),
    ...(spared === undefined ? [] : [describeSpared(spared, matches)]),
  ];
  return [
    matches + unknown === 0 ? style.warning(text) : text,
    ...lost.map((each) => style.warning(wrapAfter(" ".repeat(10), each))),
  ].join("\n");
}
