import type { Call } from "#cli/command.ts";
import type { ExitCode } from "#cli/exit-codes.ts";
import type { Output } from "#cli/output.ts";
import { renderDetectors, renderRules, renderSettings } from "#cli/render/check-text.ts";
import { renderMemcgs } from "#cli/render/memcg-text.ts";
import { wrapAfter } from "#cli/render/wrap.ts";
import { configChoice, type configOptions } from "#cli/usage/config-options.ts";
import { renderProblems } from "#config/diagnostics.ts";
import { explainConfig } from "#config/explain-config.ts";
import type { Problem } from "#config/problem.ts";
import { lineAndColumn } from "#config/source-text.ts";
import { composeLinux } from "#daemon/compose.ts";
import { adviseOnMemcgs } from "#daemon/memcg-advice.ts";
import { type PlanInForce, type PlanReading, readPlan } from "#daemon/plan-reading.ts";
import { countMatches, type RuleCount } from "#daemon/views/check-view.ts";
import { lookTwice } from "#daemon/views/look-twice.ts";
import type { MemcgView } from "#daemon/views/memcg-view.ts";
import { type DetectorView, viewStatus } from "#daemon/views/status-view.ts";
import { escapeText } from "#journal/escape.ts";

/** Shows what the settings mean here, or why they are refused. */
export async function checkSettings({ given, output }: Call<typeof configOptions>): Promise<ExitCode> {
  using machine = composeLinux();
  const reading = readPlan(configChoice(given), machine);
  if (reading.kind === "refused") return showRefused(reading, output);
  const looks = await lookTwice(machine, reading.plan);
  const { evidence: detectors, memcgs } = viewStatus(looks, reading.plan, machine.capabilities);
  const counted: Counted = { rules: countMatches(reading.plan, looks.now), detectors, memcgs };
  const advice = adviseOnMemcgs(reading.loaded.memcgs, { views: memcgs, snapshot: looks.now });
  const advised = { ...reading, warnings: [...reading.warnings, ...advice] };
  if (output.isJson) recordAll(advised, counted, output);
  else output.print(renderAll(advised, counted, output));
  return "done";
}

/** What was seen of the machine, for all that the settings speak of. */
interface Counted {
  readonly rules: readonly RuleCount[];
  readonly detectors: readonly DetectorView[];
  readonly memcgs: readonly MemcgView[];
}

function showRefused({ problems, text }: Extract<PlanReading, { kind: "refused" }>, output: Output): ExitCode {
  if (!output.isJson) {
    output.print(text.trimEnd());
    output.print(output.style.bad("The settings are refused."));
  } else if (problems.length === 0) {
    output.record("tidemark.check/1", { accepted: false, message: text });
  } else {
    output.record("tidemark.check/1", { accepted: false });
    for (const problem of problems) recordProblem(problem, output);
  }
  return "config";
}

function renderAll(reading: PlanInForce, { rules, detectors, memcgs }: Counted, { style }: Output): string {
  const { warnings, loaded, facts, files } = reading;
  const from = files.length === 0 ? "no file; these are the shipped defaults" : files.join(", ");
  const silent = rules.filter(({ matches, unknown }) => matches + unknown === 0).length;
  const spared = rules.filter(({ spared: of }) => of !== undefined).length;
  return [
    style.good(wrapAfter("", `The settings are sound: ${escapeText(from)}`)),
    ...(silent === 0 ? [] : [style.warning(`${silent} of ${rules.length} rules match no process now`)]),
    ...(spared === 0 ? [] : [style.warning(`${spared} of ${rules.length} rules match what the session guard spares`)]),
    "",
    ...(warnings.length === 0 ? [] : [renderProblems(warnings)]),
    renderSettings(explainConfig(loaded, facts)),
    "",
    renderDetectors(detectors),
    "",
    ...(memcgs.length === 0 ? [] : [...renderMemcgs(memcgs, style), ""]),
    renderRules(rules, style),
  ].join("\n");
}

function recordAll(reading: PlanInForce, { rules, detectors, memcgs }: Counted, output: Output): void {
  const { files, warnings, loaded, facts, plan } = reading;
  const { min, low, high } = plan.headroom;
  output.record("tidemark.check/1", { accepted: true, files, min_kib: min, low_kib: low, high_kib: high });
  for (const warning of warnings) recordProblem(warning, output);
  for (const setting of explainConfig(loaded, facts)) output.record("tidemark.check.setting/1", setting);
  for (const detector of detectors) output.record("tidemark.check.detector/1", detector);
  for (const memcg of memcgs) output.record("tidemark.check.memcg/1", memcg);
  for (const rule of rules) output.record("tidemark.check.rule/1", rule);
}

const recordProblem = ({ severity, message, place }: Problem, output: Output): void =>
  output.record("tidemark.check.problem/1", { severity, message, file: place.source.path, ...lineAndColumn(place) });
