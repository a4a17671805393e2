import type { ExplainedSetting } from "#config/explain-config.ts";
import type { Overruled, RuleCount } from "#daemon/views/check-view.ts";
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

/** Two rules that speak of one process and do not agree. */
function describeOverruled({ processes, by }: Overruled, matches: number): string {
  const whom = processes === matches ? "of all of them" : `of ${processes} of them`;
  return `has no say ${whom}: ${escapeText(by)}`;
}

function renderRule({ rule, verdict, matches, unknown, examples, overruled }: RuleCount, style: Style): string {
  const names =
    examples.length === 0 ? "" : ` (${examples.map(escapeText).join(", ")}${matches > examples.length ? ", …" : ""})`;
  const perhaps = unknown === 0 ? "" : `, perhaps ${unknown} more that cannot be read`;
  const count = matches === 0 ? "matches no process" : `matches ${matches}`;
  const text = wrapAfter(`  ${verdict.padEnd(8)}`, `${count}${names}${perhaps}: ${escapeText(rule)}`);
  const lost = overruled && style.warning(wrapAfter(`  ${"".padEnd(8)}`, describeOverruled(overruled, matches)));
  return [matches + unknown === 0 ? style.warning(text) : text, ...(lost === undefined ? [] : [lost])].join("\n");
}
