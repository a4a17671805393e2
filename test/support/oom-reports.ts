import { ok } from "node:assert/strict";
import { basename } from "node:path";
import type { OomReport, OomTask, OomVictim } from "#domain/oom-report.ts";
import { makeOomReportReader } from "#procfs/oom-report/reader.ts";
import { bytesOf, readFixture, textOf } from "#test/support/fixture.ts";
import { filesBelow } from "#test/support/repository.ts";

/** One log of the collection, with what its index says of it. */
export interface LogOfReports {
  readonly file: string;
  readonly text: string;
  /** By the name of the column. */
  readonly index: Readonly<Record<string, string>>;
}

const folder = "test/fixtures/oom-reports";
const [headings = [], ...rows] = new TextDecoder()
  .decode(readFixture("oom-reports/index.tsv"))
  .split("\n")
  .map((row) => row.split("\t"));

/** Every real report there is. */
export const realLogs: readonly LogOfReports[] = filesBelow(folder)
  .filter((path) => path.endsWith(".log"))
  .map((path) => {
    const file = basename(path);
    const row = rows.find(([name]) => name === file) ?? [];
    return {
      file,
      text: new TextDecoder().decode(readFixture(`oom-reports/${file}`)),
      index: Object.fromEntries(headings.map((heading, i) => [heading, row[i] ?? ""])),
    };
  });

/** Every report of a log that comes in pieces of `chunk` bytes. */
export function readReports(log: string | Uint8Array, chunk = 65_536): readonly OomReport[] {
  const bytes = typeof log === "string" ? bytesOf(log) : log;
  const reader = makeOomReportReader();
  const reports: OomReport[] = [];
  for (let at = 0; at < bytes.length; at += chunk) reports.push(...reader.push(bytes.slice(at, at + chunk)));
  return [...reports, ...reader.end()];
}

/** Everything a report claims has to be written in the log: nothing of this uses the parser. */
export const assertWritten = (reports: readonly OomReport[], log: string): void => checkAgainst(log)(reports);

/** As {@link assertWritten}, for one log and many readings of it. */
export function checkAgainst(log: string): (reports: readonly OomReport[]) => void {
  const shown = textOf(bytesOf(log)).replaceAll(colour, "").replaceAll("\r", "");
  const collapsed = shown.replace(/\s+/g, " ");
  const tight = shown.replace(/\s+/g, "");
  const written = (claim: string): void =>
    ok(
      holds(collapsed, claim.replace(/\s+/g, " ")) || holds(tight, claim.replace(/\s+/g, "")),
      `not in the log: ${claim}`,
    );
  const checkReport = (report: OomReport): void => {
    for (const task of report.tasks) written(rowOf(task));
    const victims = [report.victim, ...report.alsoKilled].filter((victim) => victim !== undefined);
    for (const victim of victims) assertVictim(victim, written, collapsed);
    for (const claim of factsOf(report)) written(claim);
  };
  return (reports) => reports.forEach(checkReport);
}

/** Whether a claim stands in a text, and ends where a word ends: part of a number is another number. */
function holds(text: string, claim: string): boolean {
  const isPart = (start: number): boolean =>
    /\w/.test(claim.at(-1) ?? "") && /\w/.test(text.charAt(start + claim.length));
  let at = text.indexOf(claim);
  while (at >= 0 && isPart(at)) at = text.indexOf(claim, at + 1);
  return at >= 0;
}

/** What a terminal does not show. */
const colour = new RegExp(`(?:${String.fromCharCode(27)}|#033)\\[[\\d;?]{0,16}[A-Za-z]`, "g");

/** A row with one blank between its columns. */
const rowOf = (task: OomTask): string => {
  const parts = [
    task.rssAnonPages,
    task.rssFilePages,
    task.rssShmemPages,
    task.ptePages,
    task.pmdPages,
    task.pgtablesBytes,
  ];
  const memory = [...parts, task.swapentsPages].filter((value) => value !== undefined);
  // Up to Linux 3.6 the number of a CPU stands in between, which nobody keeps.
  if (task.oomAdj !== undefined) return `${task.pid}] ${task.uid} ${task.tgid} ${task.totalVmPages} ${task.rssPages} `;
  const columns = [task.uid, task.tgid, task.totalVmPages, task.rssPages, ...memory, task.oomScoreAdj];
  return `${task.pid}] ${columns.join(" ")} ${task.name.replace(/\s+/g, " ")}`;
};

function assertVictim(victim: OomVictim, written: (claim: string) => void, collapsed: string): void {
  const name = victim.name.replace(/\s+/g, " ");
  const forms = [
    `process ${victim.pid} (${name})`,
    `task=${name},pid=${victim.pid},uid=`,
    `process ${victim.pid}, UID ${victim.uid}, (${name})`,
  ];
  const isWritten = forms.some((form) => holds(collapsed, form));
  if (!isWritten) written(forms[0] ?? "");
  const figures = { "total-vm": victim.totalVmKib, "anon-rss": victim.anonRssKib, "file-rss": victim.fileRssKib };
  for (const [key, value] of Object.entries(figures)) if (value !== undefined) written(`${key}:${value}kB`);
}

function factsOf({
  trigger,
  kernelRelease,
  memcg,
  ramPages,
  choice,
  reaped,
  totalSwapKib,
}: OomReport): readonly string[] {
  return [
    ...(trigger ? [`${trigger.comm} invoked oom-killer: gfp_mask=${trigger.gfpMask},`, `order=${trigger.order}`] : []),
    ...(kernelRelease === undefined ? [] : [` ${kernelRelease} #`]),
    ...(memcg?.limitKib === undefined ? [] : [`limit ${memcg.limitKib}kB`]),
    ...(memcg?.path === undefined ? [] : [memcg.path]),
    ...(ramPages === undefined ? [] : [`${ramPages} pages `]),
    ...(totalSwapKib === undefined ? [] : [`Total swap = ${totalSwapKib}kB`]),
    ...(choice ? [`ill process ${choice.pid} (${choice.name}) score ${choice.score} or`] : []),
    ...(reaped ? [`reaped process ${reaped.pid} (${reaped.name}), now anon-rss:${reaped.anonRssKib}kB,`] : []),
  ];
}
