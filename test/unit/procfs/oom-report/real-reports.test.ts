import { deepEqual, equal, ok } from "node:assert/strict";
import { describe, test } from "node:test";
import type { OomReport } from "#domain/oom-report.ts";
import { assertGolden } from "#test/support/golden-file.ts";
import { assertWritten, type LogOfReports, readReports, realLogs } from "#test/support/oom-reports.ts";

/** Where the index knows more than the text, or judges it otherwise, and why. */
const differences: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "026.log": { kernel: "not printed", complete: "the header is missing" },
  "046.log": { table: "its author cut rows, and says so with [...]" },
  "097.log": { complete: "the oom-kill line is cut inside the pid" },
  "124.log": { kernel: "not printed" },
  "125.log": { kernel: "not printed", constraint: "not printed" },
  "135.log": { constraint: "nobody was chosen, so nothing states it" },
  "136.log": { kernel: "not printed" },
  "138.log": { kernel: "not printed" },
  "140.log": { kernel: "not printed" },
  "141.log": { kernel: "not printed", complete: "the header is missing" },
  "145.log": { kernel: "not printed" },
  "146.log": { kernel: "not printed", complete: "the header is missing" },
  "149.log": { kernel: "not printed" },
  "150.log": { kernel: "not printed" },
  "151.log": { kernel: "not printed" },
};

const constraintNames: Readonly<Record<string, string>> = { global: "none", mempolicy: "memory-policy" };

const onlyReport = (log: LogOfReports): OomReport => {
  const reports = readReports(log.text);
  equal(reports.length, 1, `${log.file} holds one report`);
  const [report] = reports;
  ok(report);
  return report;
};

/** The rows of a table, read by splitting lines; wrapped ones are put together first. Nothing here is the parser's. */
function rowsOf(text: string): readonly string[] {
  const lines = text.replaceAll("\u00a0", " ").split("\n");
  const heading = lines.findIndex((line) => /\[ +pid +\] +uid/.test(line));
  const rows: string[] = [];
  for (const line of heading < 0 ? [] : lines.slice(heading + 1)) {
    const row = /(\[ *\d+\] +-?\d+ +\d+ +\d+ .*)$/.exec(line)?.[1];
    if (row !== undefined) rows.push(row);
    else if (/oom-kill:|ill process|Kernel panic|no killable|oom_reaper/.test(line)) break;
    else if (rows.length > 0 && /^\d+ /.test(line)) rows.push(`${rows.pop()} ${line}`);
  }
  return rows.map((row) =>
    row
      .replaceAll(/[[\]]/g, (bracket, at) => (at < 12 ? " " : bracket))
      .trim()
      .split(/\s+/)
      .join(" "),
  );
}

/** What the parser made of a table, in the columns of its heading. */
const printedRows = ({ tasks }: OomReport): readonly string[] =>
  tasks.map((task) => {
    const { pid, uid, tgid, totalVmPages, rssPages, rssAnonPages, rssFilePages, rssShmemPages } = task;
    const { ptePages, pmdPages, pgtablesBytes, swapentsPages, oomAdj, oomScoreAdj, name } = task;
    const memory = [rssAnonPages, rssFilePages, rssShmemPages, ptePages, pmdPages, pgtablesBytes, swapentsPages];
    const columns = [
      pid,
      uid,
      tgid,
      totalVmPages,
      rssPages,
      ...memory,
      oomAdj,
      oomScoreAdj,
      name.split(/\s+/).join(" "),
    ];
    return columns.filter((column) => column !== undefined).join(" ");
  });

/** The number of the CPU is the sixth column of old tables, and says nothing. */
const withoutCpu = (row: string): string => row.split(" ").toSpliced(5, 1).join(" ");

const summaryOf = (file: string, report: OomReport): string => {
  const { kernelRelease, constraint, trigger, tasks, victim, alsoKilled, zones, ramPages, totalSwapKib, memcg } =
    report;
  const facts = {
    release: kernelRelease,
    constraint,
    by: trigger?.comm,
    order: trigger?.order,
    rows: tasks.length,
    whole: report.isTableComplete,
    victim: victim && `${victim.pid} ${victim.name} ${victim.totalVmKib ?? "-"}/${victim.anonRssKib ?? "-"}`,
    chosen: report.choice?.pid,
    also: alsoKilled.length,
    zones: zones.map(({ node, name, freeKib, minKib }) => `${node}/${name}:${freeKib}/${minKib}`).join(","),
    ram: ramPages,
    reserved: report.reservedPages,
    swap: totalSwapKib,
    limit: memcg?.limitKib,
    memcg: memcg?.path,
    reaped: report.reaped?.pid,
    ending: report.ending,
    complete: report.isComplete,
  };
  const shown = Object.entries(facts).filter(([, value]) => value !== undefined && value !== "");
  return `${file}:${report.firstLine}-${report.lastLine} ${shown.map(([key, value]) => `${key}=${value}`).join(" ")}`;
};

for (const log of realLogs) {
  const { file, text, index } = log;
  describe(file, () => {
    const report = onlyReport(log);
    const isOther = (what: string): boolean => differences[file]?.[what] !== undefined;

    test("every task of the table is read, exactly", () => {
      const rows = rowsOf(text);
      deepEqual(printedRows(report), text.includes("rss cpu oom_adj") ? rows.map(withoutCpu) : rows);
      equal(report.tasks.length, Number(index["task_rows"]));
      equal(report.isTableComplete, index["has_task_table"] === "yes" && !isOther("table"));
    });

    test("the victim is whom the index names", () => {
      const { pid, name, totalVmKib, anonRssKib } = report.victim ?? {};
      equal(String(pid ?? ""), index["victim_pid"]);
      equal(name ?? "", index["victim_name"]);
      const sizes = `${totalVmKib ?? "-"}/${anonRssKib ?? "-"}`;
      equal(sizes, index["victim_totalvm_kB/anonrss_kB"] || "-/-");
    });

    test("release, constraint and wholeness are those of the index", () => {
      equal(report.kernelRelease, isOther("kernel") ? undefined : index["kernel"]);
      const constraint = index["constraint"] ?? "";
      equal(report.constraint, isOther("constraint") ? undefined : (constraintNames[constraint] ?? constraint));
      equal(report.isComplete, index["complete"] === "yes" && !isOther("complete"));
    });

    test("the totals are those of the text", () => {
      const number = (pattern: RegExp): number | undefined => {
        const found = pattern.exec(text)?.[1];
        return found === undefined ? undefined : Number(found);
      };
      equal(report.ramPages, number(/(\d+) pages (?:of )?RAM/));
      equal(report.reservedPages, number(/(?<!cma )\b(\d+) (?:pages reserved|reserved pages)/));
      equal(report.totalSwapKib, number(/Total swap\s=\s(\d+)kB/));
      equal(report.freeSwapKib, number(/Free swap\s+= (\d+)kB/));
      equal(report.memcg?.limitKib, number(/memory: usage \d+kB, limit (\d+)kB/));
      equal(report.zones.length, text.match(/\b[A-Z][A-Za-z0-9]+ free:\d+kB/g)?.length ?? 0);
    });

    test("nothing is claimed that is not written, whatever the pieces it comes in", () => {
      assertWritten([report], text);
      for (const chunk of [1, 7, 4096]) deepEqual(readReports(text, chunk), [report]);
    });
  });
}

test("the reports are summed up as reviewed", () => {
  const lines = realLogs.map((log) => summaryOf(log.file, onlyReport(log)));
  assertGolden("oom-reports/summary.txt", `${lines.join("\n")}\n`);
});
