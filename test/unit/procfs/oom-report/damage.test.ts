import { deepEqual, equal, ok } from "node:assert/strict";
import { describe, test } from "node:test";
import { assertWritten, checkAgainst, readReports, realLogs } from "#test/support/oom-reports.ts";

/** Cutting a log at each of its lines reads it as often as it has lines: of long ones, which differ in rows only, every so-and-so-many. */
const stepOf = (lines: number): number => Math.max(1, Math.round((lines / 200) ** 2));

describe("a log that was cut", () => {
  for (const { file, text } of realLogs) {
    const lines = text.split("\n");

    test(`${file}: behind any line, it claims what the whole log says, and is never more complete`, () => {
      const whole = readReports(text)[0];
      const check = checkAgainst(text);
      for (let kept = 1; kept < lines.length; kept += stepOf(lines.length)) {
        const reports = readReports(`${lines.slice(0, kept).join("\n")}\n`);
        check(reports);
        const [report] = reports;
        ok(reports.length <= 1);
        if (report?.isComplete) ok(whole?.isComplete);
        deepEqual(report?.tasks ?? [], whole?.tasks.slice(0, report?.tasks.length ?? 0));
      }
    });

    test(`${file}: without its beginning, it claims what is written`, () => {
      for (let left = 1; left < lines.length; left += stepOf(lines.length) * 2) {
        const rest = lines.slice(left).join("\n");
        assertWritten(readReports(rest), rest);
      }
    });
  }
});

test("a row without its end is not believed, nor a number without its", () => {
  const heading = "[ pid ]   uid  tgid total_vm      rss nr_ptes swapents oom_score_adj name\n";
  deepEqual(
    readReports(`${heading}[ 4359]     0  4359     4446      233      14        0             0 mysq`)[0]?.tasks,
    [],
  );
  equal(readReports("a invoked oom-killer: gfp_mask=0xd0, order=1")[0]?.trigger, undefined);
  const killed = "Out of memory: Killed process 7 (a) total-vm:4kB, UID:0 pgtables:40kB oom_score_adj:10";
  equal(readReports(killed)[0]?.victim?.oomScoreAdj, undefined);
  equal(readReports(`${killed}\n`)[0]?.victim?.oomScoreAdj, 10);
});

test("a number with a zero before it is not the kernel's", () => {
  equal(readReports("a invoked oom-killer: gfp_mask=0xd0, order=09, oom_score_adj=0\n")[0]?.trigger, undefined);
  const report = readReports("Memory cgroup out of memory: Killed process 7 (a) total-vm:04kB\n007 pages RAM\n")[0];
  deepEqual([report?.victim, report?.ramPages], [{ pid: 7, name: "a" }, undefined]);
});

test("a heading that lost a part of itself names no columns", () => {
  const rows =
    "[   2025]  1000  2025     1795      450        0      450         0    61440        0             0 kbench\n";
  const heading = "[  pid  ]   uid  tgid total_vm      rss rss_anon name\n";
  deepEqual(readReports(`${heading}${rows}Out of memory: Killed process 2025 (kbench)\n`)[0]?.tasks, []);
});

/** Beginnings of lines that may be put after each other without end. */
const endless: readonly (readonly [string, string])[] = [
  ["", "Out of memory: Kill process 1 ("],
  ["Killed process 1 (", ") total-vm"],
  ["", " invoked oom-killer"],
  ["[ 12] ", "0 "],
  ["oom-kill:constraint=", ",task="],
  ["oom-kill:constraint=", "1"],
  ["oom-kill", "\u001b["],
  ["oom-kill ", "> "],
  ["oom-kill", "] "],
  ["Node 0 DMA free:1kB ", "min:1k "],
  ["Node 0 DMA: ", "1*4kB "],
  ["CPU: 1 PID: 1 Comm: ", "Tainted 5.1 "],
  ['{"MESSAGE":"', "oom-kill "],
  ["a cpuset=b mems_allowed=", "1-2,"],
  ["oom_reaper: reaped process 1 ", "("],
];

test("no line takes longer than its length is worth", () => {
  const opening = "x invoked oom-killer: gfp_mask=0x1, order=0, oom_score_adj=0\n";
  const before = process.cpuUsage();
  for (const [start, more] of endless) readReports(`${opening}${start}${more.repeat(60_000 / more.length)}\n`);
  // 0.1 s where it was written, whatever else the machine does; a pattern that goes back over its line takes minutes.
  ok(process.cpuUsage(before).user < 5_000_000);
});

test("a line is cut at its bound also where it comes in one piece", () => {
  const line = `Out of memory: Killed process 7 (a) total-vm:4kB${" ".repeat(70_000)}, anon-rss:3kB`;
  deepEqual(readReports(`${line}\n`, 200_000)[0]?.victim, { pid: 7, name: "a", totalVmKib: 4 });
});
