import { deepEqual, equal } from "node:assert/strict";
import { describe, test } from "node:test";
import type { OomReport } from "#domain/oom-report.ts";
import { rejudge } from "#engine/rejudge/rejudge.ts";
import { anAncientRow, anOldRow, anOomReport, aRow, killed } from "#test/support/an-oom-report.ts";

const chosen = (report: Partial<OomReport>): number | undefined => rejudge(anOomReport(report)).chosen?.task.pid;
const reason = (report: Partial<OomReport>) => rejudge(anOomReport(report)).reason;

describe("points", () => {
  test("are resident pages, swap entries, page tables in whole pages, and steps of oom_score_adj", () => {
    const { chosen: first } = rejudge(
      anOomReport({ tasks: [aRow(7, { rssPages: 500, swapentsPages: 30, pgtablesBytes: 8192 + 4095, adj: 2 })] }),
    );
    equal(first?.pointsPages, 500 + 30 + 2 + 2000);
    deepEqual(first?.terms, [
      { name: "rss", pages: 500 },
      { name: "swap", pages: 30 },
      { name: "page_tables", pages: 2 },
      { name: "oom_score_adj", pages: 2000 },
    ]);
  });

  test("may be negative since Linux 5.9, and were at least 1 before", () => {
    const tasks = [aRow(7, { adj: -500 })];
    equal(rejudge(anOomReport({ tasks })).chosen?.pointsPages, 100 - 500_000);
    equal(rejudge(anOomReport({ tasks, kernelRelease: "5.4.0" })).chosen?.pointsPages, 1);
  });

  test("took 30 steps off for root up to Linux 3.10, and 3 % of its own up to 4.16", () => {
    const tasks = [anOldRow(7, { uid: 0, rssPages: 100_000 })];
    equal(rejudge(anOomReport({ tasks, kernelRelease: "3.8.0" })).chosen?.pointsPages, 70_000);
    equal(rejudge(anOomReport({ tasks, kernelRelease: "4.4.0" })).chosen?.pointsPages, 97_000);
    equal(rejudge(anOomReport({ tasks, kernelRelease: "4.17.0" })).chosen?.pointsPages, 100_000);
  });

  test("were thousandths of all memory up to Linux 3.4", () => {
    const tasks = [anAncientRow(7, { rssPages: 123_456, adj: 100 })];
    equal(rejudge(anOomReport({ tasks, kernelRelease: "2.6.36" })).chosen?.points, 223);
    equal(rejudge(anOomReport({ tasks, kernelRelease: "3.5.0" })).chosen?.points, 223_456);
  });
});

describe("the choice", () => {
  test("never falls on oom_score_adj -1000, however large", () => {
    equal(chosen({ tasks: [aRow(7, { rssPages: 900_000, adj: -1000 }), aRow(8)] }), 8);
  });

  test("falls on the last of equals since Linux 5.3, and on the first before", () => {
    const tasks = [aRow(7), aRow(8), aRow(9, { rssPages: 99 })];
    equal(chosen({ tasks }), 8);
    equal(chosen({ tasks, kernelRelease: "5.2.0" }), 7);
    equal(rejudge(anOomReport({ tasks })).equals, 1);
  });

  test("follows the columns of the table where the release is not in the log", () => {
    const { kernelRelease: _, ...report } = anOomReport({ tasks: [anOldRow(7), anOldRow(8)] });
    equal(rejudge(report).chosen?.task.pid, 7);
    deepEqual(rejudge(report).version, [3, 7, 0]);
  });

  test("is not made for kernels before 2.6.36, whose reason cannot be known", () => {
    const { oomScoreAdj: _, ...row } = anAncientRow(7);
    const report = anOomReport({ kernelRelease: "2.6.32", tasks: [{ ...row, oomAdj: 0 }], victim: killed(7) });
    const { chosen: nobody, agrees, reason: why } = rejudge(report);
    deepEqual([nobody, agrees, why], [undefined, undefined, "rules-not-decidable"]);
  });

  test("is made for a 2.6.32 that prints oom_score_adj: its distribution brought the rules along", () => {
    equal(chosen({ kernelRelease: "2.6.32-642.el6.x86_64", tasks: [anAncientRow(7)] }), 7);
  });

  test("weighs oom_score_adj by the limit of a memory cgroup, not by the machine", () => {
    const tasks = [aRow(7, { rssPages: 5000 }), aRow(8, { adj: 100 })];
    equal(chosen({ tasks }), 8);
    equal(chosen({ tasks, constraint: "memcg", memcg: { limitKib: 40_000, swapLimitKib: 0 } }), 7);
  });

  test("weighs oom_score_adj by the nodes of a memory policy", () => {
    const zones = [
      { node: 0, name: "Normal", presentKib: 4_000_000 },
      { node: 1, name: "Normal", presentKib: 40_000 },
    ];
    const report = anOomReport({ constraint: "memory-policy", nodemask: "1", zones, tasks: [aRow(7)] });
    equal(rejudge(report).total.pages, 10_000);
    equal(rejudge({ ...report, nodemask: "0-1" }).total.pages, 1_010_000);
  });
});

describe("a disagreement", () => {
  const tasks = [aRow(7, { rssPages: 50_000 }), aRow(8, { rssPages: 10_000 })];

  test("is none when the kernel killed whom its rules choose", () => {
    const { agrees, reason: why } = rejudge(anOomReport({ tasks, victim: killed(7) }));
    deepEqual([agrees, why], [true, undefined]);
  });

  test("stays unexplained when the report proves no reason", () => {
    equal(reason({ tasks, victim: killed(8) }), "unexplained");
  });

  test("is a sacrificed child when the choice line names whom we choose", () => {
    const choice = { pid: 7, name: "task-7", score: 50 };
    equal(reason({ tasks, victim: killed(8), choice, kernelRelease: "4.19.0" }), "child-sacrificed");
  });

  test("is the allocating task when the message says so", () => {
    equal(reason({ tasks, victim: killed(8), isAllocatingTaskKilled: true }), "allocating-task-killed");
  });

  test("is a missing row when the victim has none", () => {
    equal(reason({ tasks, victim: killed(9) }), "victim-not-in-table");
  });

  test("is a victim of before, when the log has its death already", () => {
    const report = anOomReport({ tasks, victim: killed(8) });
    equal(rejudge(report, [killed(7)]).reason, "killed-before");
    equal(rejudge(report, [{ ...killed(7), name: "another" }]).reason, "unexplained");
  });

  test("is what the table does not show, when that is more than the difference", () => {
    const rows = [anAncientRow(7, { rssPages: 50_000 }), anAncientRow(8, { rssPages: 10_000 })];
    const choice = { pid: 8, name: "task-8", score: 20 };
    const report = { tasks: rows, victim: killed(8), choice, kernelRelease: "2.6.36", totalSwapKib: 400_000 };
    equal(reason({ ...report, freeSwapKib: 0 }), "sizes-not-shown");
    equal(reason({ ...report, freeSwapKib: 399_000 }), "unexplained");
  });

  test("is an unknown total, when a total within its bounds makes the victim the first", () => {
    const rows = [aRow(7, { rssPages: 50_000 }), aRow(8, { rssPages: 100, adj: 100 })];
    const memcg = { limitKib: 40_000 };
    equal(reason({ tasks: rows, victim: killed(8), constraint: "memcg", memcg, totalSwapKib: 8_000_000 }), undefined);
    const { totalSwapKib: _, ...unknown } = anOomReport({
      tasks: rows,
      victim: killed(8),
      constraint: "memcg",
      memcg,
    });
    equal(rejudge(unknown).reason, "total-not-shown");
    equal(rejudge({ ...unknown, memcg: { ...memcg, swapLimitKib: 400_000 } }).reason, "unexplained");
  });

  test("may be other nodes when only some were searched", () => {
    equal(reason({ tasks, victim: killed(8), constraint: "cpuset", memsAllowed: "0" }), "other-nodes");
  });

  test("is within the counters' error only when it is tiny", () => {
    const close = (lead: number) => [aRow(7, { rssPages: 10_000 + lead }), aRow(8, { rssPages: 10_000 })];
    equal(reason({ tasks: close(100), victim: killed(8) }), "within-counter-error");
    equal(reason({ tasks: close(1000), victim: killed(8) }), "unexplained");
  });

  test("is not claimed of a report in which nobody died", () => {
    const { agrees, reason: why } = rejudge(anOomReport({ tasks, ending: "panicked" }));
    deepEqual([agrees, why], [undefined, "nobody-killed"]);
  });
});
