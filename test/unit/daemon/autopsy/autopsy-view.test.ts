import { deepEqual, equal, ok } from "node:assert/strict";
import { describe, test } from "node:test";
import { viewAutopsy } from "#daemon/views/autopsy-view.ts";
import type { OomReport } from "#domain/oom-report.ts";
import { anOldRow, anOomReport, aRow, killed } from "#test/support/an-oom-report.ts";

const view = (report: Partial<OomReport>) => viewAutopsy(anOomReport(report));
const advised = (report: Partial<OomReport>): readonly string[] => view(report).advice.map(({ about }) => about);

describe("the record of a report", () => {
  test("names what it has as the report's columns do, with units", () => {
    const { tasks } = view({ tasks: [aRow(7), anOldRow(8)] });
    deepEqual(tasks[0], {
      pid: 7,
      tgid: 7,
      uid: 1000,
      total_vm_pages: 10_000,
      rss_pages: 100,
      swapents_pages: 0,
      pgtables_bytes: 0,
      oom_score_adj: 0,
      name: "task-7",
    });
    ok(!("pgtables_bytes" in (tasks[1] ?? {})) && tasks[1]?.nr_ptes === 0);
  });

  test("leaves out what the report does not have, instead of calling it 0", () => {
    const { kernelRelease: _, constraint: __, ramPages: ___, ...bare } = anOomReport();
    const record = JSON.parse(JSON.stringify(viewAutopsy(bare)));
    for (const key of ["kernel_release", "constraint", "trigger", "victim", "memcg", "held_kib", "choice", "reaped"]) {
      ok(!(key in record), key);
    }
    ok(!("ram_kib" in record.memory));
    deepEqual(record.tasks, []);
    equal(record.judgement.reason, "no-table");
    ok(!("kernel" in record.judgement) && !("agrees" in record.judgement));
  });

  test("survives numbers that no machine has", () => {
    const row = aRow(7, { rssPages: 2 ** 53, totalVmPages: -1, uid: -1 });
    const record = view({ tasks: [row, aRow(0)], victim: { ...killed(7), anonRssKib: 2 ** 60 } });
    equal(record.tasks.length, 2);
  });
});

describe("families", () => {
  test("add up the tasks of one name, the largest family first", () => {
    const { families } = view({
      tasks: [
        aRow(7, { name: "one", rssPages: 500 }),
        aRow(8, { name: "many", rssPages: 300 }),
        aRow(9, { name: "many", rssPages: 300 }),
      ],
      victim: killed(9),
    });
    deepEqual(
      families.map(({ name, processes, rss_kib, has_victim }) => [name, processes, rss_kib, has_victim]),
      [
        ["many", 2, 2400, true],
        ["one", 1, 2000, false],
      ],
    );
  });
});

describe("our policies", () => {
  const tasks = [
    aRow(7, { rssPages: 90_000, adj: -1000 }),
    aRow(8, { rssPages: 50_000, rssAnonPages: 10, rssFilePages: 49_990 }),
    aRow(9, { rssPages: 20_000, rssAnonPages: 20_000, rssFilePages: 0 }),
  ];

  test("each choose by their own light, and never who is protected", () => {
    const choices = view({ tasks }).policies.map(({ policy, pid }) => [policy, pid]);
    deepEqual(choices, [
      ["desktop", 9],
      ["kernel", 8],
      ["largest-rss", 8],
    ]);
  });

  test("say when anonymous memory had to be guessed", () => {
    equal(view({ tasks: [aRow(8)] }).policies[0]?.is_split_guessed, true);
    equal(view({ tasks: [tasks[2] ?? aRow(9)] }).policies[0]?.is_split_guessed, false);
  });

  test("find nobody among protected tasks alone", () => {
    equal(view({ tasks: [aRow(7, { adj: -1000 })] }).policies[0]?.pid, undefined);
  });
});

describe("advice", () => {
  const small = aRow(8, { rssPages: 1000 });

  test("names the limit of a cgroup, and no swap of the machine with it", () => {
    const tasks = [aRow(7, { rssPages: 9000 })];
    deepEqual(advised({ tasks, constraint: "memcg", memcg: { limitKib: 40_000 } }), ["memcg-limit", "one-hog"]);
  });

  test("names one hog, many workers, and a protected giant, each only where it is so", () => {
    const hog = aRow(7, { rssPages: 600_000 });
    deepEqual(advised({ tasks: [hog, small], victim: killed(7) }), ["one-hog", "no-swap"]);
    const workers = [1, 2, 3, 4, 5].map((n) => aRow(n, { name: "worker", rssPages: 100_000 }));
    deepEqual(advised({ tasks: [...workers, small], victim: killed(5) }), ["many-workers", "no-swap"]);
    const giant = aRow(7, { rssPages: 600_000, adj: -1000 });
    deepEqual(advised({ tasks: [giant, small], victim: killed(8) }), ["protected-hog", "no-swap"]);
  });

  test("says when oom_score_adj chose, and not size", () => {
    const raised = aRow(8, { rssPages: 1000, adj: 300 });
    deepEqual(advised({ tasks: [aRow(7, { rssPages: 100_000 }), raised], victim: killed(8) }), [
      "adj-chose",
      "no-swap",
    ]);
  });

  test("speaks of swap that is full, and not of swap that is free", () => {
    deepEqual(advised({ totalSwapKib: 1_000_000, freeSwapKib: 0 }), ["swap-full"]);
    deepEqual(advised({ totalSwapKib: 1_000_000, freeSwapKib: 500_000 }), []);
  });

  test("finds memory that no process holds", () => {
    const totals = { shmemPages: 300_000, slabReclaimablePages: 10, slabUnreclaimablePages: 300_000 };
    deepEqual(advised({ totals }), ["no-swap", "shared-memory", "kernel-memory"]);
  });

  test("speaks of pieces only where memory was free in pieces", () => {
    const trigger = { comm: "net", gfpMask: "0xcc0(GFP_KERNEL)", order: 3 };
    const zone = { node: 0, name: "Normal", freeKib: 9000, minKib: 10, freeBlocks: [2250, 0, 0, 0] };
    deepEqual(advised({ trigger, zones: [zone] }), ["fragmentation", "no-swap"]);
    deepEqual(advised({ trigger, zones: [{ ...zone, freeKib: 5 }] }), ["no-swap"]);
  });
});

describe("notes", () => {
  test("tell what the report does not have", () => {
    const { notes } = view({ tasks: [anOldRow(7)], isTableComplete: false });
    ok(notes.some((note) => note.includes("only a part")));
    ok(notes.some((note) => note.includes("who asked for memory is missing")));
  });
});
