import { readdirSync } from "node:fs";
import type { OomReport } from "#domain/oom-report.ts";
import { makeOomReportReader } from "#procfs/oom-report/reader.ts";
import { fixturePath, readFixture } from "./fixture.ts";

/** A real report and the file it lies in. */
export interface FoundReport {
  readonly file: string;
  readonly report: OomReport;
}

/** Every report of the recorded logs, in the order of their names. */
export function readCorpus(): readonly FoundReport[] {
  const files = readdirSync(fixturePath("oom-reports")).filter((name) => name.endsWith(".log"));
  return files.toSorted().flatMap((file) => {
    const reader = makeOomReportReader();
    const reports = [...reader.push(readFixture(`oom-reports/${file}`)), ...reader.end()];
    return reports.map((report) => ({ file, report }));
  });
}
