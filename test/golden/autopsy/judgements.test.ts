import { deepEqual, ok } from "node:assert/strict";
import { describe, test } from "node:test";
import type { OomReport } from "#domain/oom-report.ts";
import { type Rejudgement, rejudge } from "#engine/rejudge/rejudge.ts";
import { assertGolden } from "#test/support/golden-file.ts";
import { readCorpus } from "#test/support/oom-report-corpus.ts";

const judged = readCorpus().map(({ file, report }) => ({ file, report, judgement: rejudge(report) }));
const complete = judged.filter(({ report }) => report.isComplete && report.victim !== undefined);

const name = (pid: number | undefined, of: string | undefined): string => (pid === undefined ? "-" : `${pid} ${of}`);

function verdict({ agrees, reason }: Rejudgement): string {
  if (agrees === undefined) return `cannot be compared: ${reason}`;
  return agrees ? "agrees" : `differs: ${reason}`;
}

const row = ({ file, report, judgement }: (typeof judged)[number]): string =>
  [
    file,
    report.kernelRelease ?? "-",
    report.constraint ?? "-",
    report.isComplete ? "complete" : "incomplete",
    `${report.tasks.length} tasks`,
    name(report.victim?.pid, report.victim?.name),
    name(judgement.chosen?.task.pid, judgement.chosen?.task.name),
    verdict(judgement),
  ].join("\t");

describe("the kernel's own choice, made again from real reports", () => {
  test("is what it was when it was reviewed, report by report", () => {
    const heading = "file\trelease\tconstraint\treport\ttable\tkernel's victim\tours\tverdict";
    assertGolden("autopsy/judgements.txt", `${[heading, ...judged.map(row)].join("\n")}\n`);
  });

  test("agrees with the kernel in at least 97 % of complete reports", () => {
    const agreeing = complete.filter(({ judgement }) => judgement.agrees);
    ok(complete.length >= 50, `only ${complete.length} complete reports`);
    ok(agreeing.length / complete.length >= 0.97, `${agreeing.length} of ${complete.length}`);
  });

  test("leaves no disagreement without a reason", () => {
    const bare = judged.filter(({ judgement }) => judgement.agrees === false && judgement.reason === "unexplained");
    deepEqual(
      bare.map(({ file }) => file),
      [],
    );
  });
});

describe("the score that kernels up to 5.0 print", () => {
  /** Thousandths of all memory, as the choice line has them. */
  const ours = ({ measure, points, total }: { measure: string; points: number; total: number }): number =>
    measure === "permille" ? points : Math.trunc((points * 1000) / total);

  /** What the table does not show is in the kernel's score, and not in ours. */
  const showsAll = ({ tasks }: OomReport): boolean => tasks.every(({ swapentsPages }) => swapentsPages !== undefined);

  const printed = complete.flatMap(({ file, report, judgement: { rules, total, ranking } }) => {
    const { choice } = report;
    const scored = ranking.find(({ task }) => task.pid === choice?.pid);
    const isExact = total.least === total.most && showsAll(report);
    if (choice === undefined || rules === undefined || scored === undefined || !isExact) return [];
    const score = ours({ measure: rules.measure, points: scored.points, total: total.pages });
    return [{ file, kernel: choice.score, ours: score }];
  });

  test("is ours to one thousandth, where total, swap and page tables are all in the report", () => {
    ok(printed.length >= 15, `only ${printed.length} scores`);
    deepEqual(
      printed.filter((each) => Math.abs(each.kernel - each.ours) > 1),
      [],
    );
  });
});
