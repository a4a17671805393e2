import { type AutopsyView, viewAutopsy } from "#daemon/views/autopsy-view.ts";
import type { OomReport, OomVictim } from "#domain/oom-report.ts";
import { makeOomReportReader } from "#procfs/oom-report/reader.ts";
import { type LogSource, readLog } from "./read-log.ts";
import { keepHeapSmall } from "./small-heap.ts";

/** A victim is in the tables of the next few reports at most. */
const remembered = 16;

async function* findReports(source: LogSource): AsyncGenerator<OomReport> {
  const reader = makeOomReportReader();
  for await (const piece of readLog(source)) yield* reader.push(piece);
  yield* reader.end();
}

/** Every report of the kernel's OOM killer in a log, explained, each as soon as it is finished. @throws SystemError */
export async function* autopsies(source: LogSource): AsyncGenerator<AutopsyView> {
  keepHeapSmall();
  let killedBefore: readonly OomVictim[] = [];
  for await (const report of findReports(source)) {
    yield viewAutopsy(report, killedBefore);
    const { victim, alsoKilled } = report;
    killedBefore = [...killedBefore, ...(victim === undefined ? [] : [victim]), ...alsoKilled].slice(-remembered);
  }
}
