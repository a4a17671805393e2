import { deepEqual, equal, ok } from "node:assert/strict";
import { describe, test } from "node:test";
import type { OomReport } from "#domain/oom-report.ts";
import { readFixture, textOf } from "#test/support/fixture.ts";
import { readReports } from "#test/support/oom-reports.ts";

const fixture = (name: string): string => textOf(readFixture(`hostile/oom-reports/${name}.log`));

const specimen = fixture("linux-6.18-memcg");
const messages = specimen
  .trimEnd()
  .split("\n")
  .map((line) => line.slice(line.indexOf("]") + 2));
const each = (write: (message: string, i: number) => string): string =>
  messages.map((message, i) => `${write(message, i)}\n`).join("");
const escapeCharacter = String.fromCharCode(27);
const json = JSON.stringify;

/** The same report as it comes from all kinds of places. */
const writings: Readonly<Record<string, string>> = {
  "without a newline at the end": specimen.trimEnd(),
  "with CRLF": specimen.replaceAll("\n", "\r\n"),
  "from a serial console": specimen.replaceAll("\n", "\r\r\n"),
  "in colours": each(
    (m, i) =>
      `${escapeCharacter}[32m[ 2128.01${i}] ${escapeCharacter}[0m${escapeCharacter}[33m${m}${escapeCharacter}[0m`,
  ),
  "with colours that syslog wrote down": each((m, i) => `#033[32m[ 2128.01${i}] #033[0m${m}`),
  "from dmesg -T": each((m) => `[Mon Jan  5 10:00:00 2026] ${m}`),
  "from dmesg -x": each((m, i) => `kern  :warn  : [ 2128.01${i}] ${m}`),
  "with the caller": each((m, i) => `[ 2128.01${i}][ T1234] ${m}`),
  "with levels": each((m, i) => `<4>[ 2128.01${i}] ${m}`),
  "from syslog": each((m, i) => `Jan  5 10:00:00 host kernel: [ 2128.01${i}] ${m}`),
  "from syslog with a number behind kernel": each((m) => `Jan  5 10:00:00 host kernel[0]: ${m}`),
  "from BusyBox": each((m) => `Jan  5 10:00:00 host user.err kernel: ${m}`),
  "from the journal": each((m) => `Jan 05 10:00:00 host kernel: ${m}`),
  "from journalctl -o short-monotonic": each((m, i) => `[ 2128.01${i}] host kernel: ${m}`),
  "from journalctl -o short-full": each((m) => `Mon 2026-01-05 10:00:00 UTC host kernel: ${m}`),
  "from journalctl -o cat": each((m) => m),
  "from journalctl -o json": each((m) => json({ _TRANSPORT: "kernel", MESSAGE: m, SYSLOG_IDENTIFIER: "kernel" })),
  "with a time of ISO 8601": each((m, i) => `2026-01-05T10:00:00.123456+00:00 host kernel: [ 2128.01${i}] ${m}`),
  "from /dev/kmsg": each((m, i) => `6,${i},2128010376,-,caller=T1;${m}\n SUBSYSTEM=memory`),
  "from Docker's files": each((m, i) =>
    json({ log: `[ 2128.01${i}] ${m}\n`, stream: "stdout", time: "2026-01-05T10:00:00Z" }),
  ),
  "from docker logs -t": each((m, i) => `2026-01-05T10:00:00.000000000Z [ 2128.01${i}] ${m}`),
  "from docker compose": each((m, i) => `node-1  | [ 2128.01${i}] ${m}`),
  "from a container runtime": each((m, i) => `2026-01-05T10:00:00.669794202Z stdout F [ 2128.01${i}] ${m}`),
  "with a word before kernel:": each((m) => `kernel: ${m}`),
  "quoted in mail": each((m, i) => `> > [ 2128.01${i}] ${m}`),
  indented: each((m, i) => `        [ 2128.01${i}] ${m}`),
  "behind something unknown": each((m, i) => `~~ 17 ~~ [ 2128.01${i}] ${m}`),
  "with another CPU's lines in between": each((m, i) => `[ 2128.01${i}] ${m}\n[ 2128.01${i}] eth0: link is up`),
  "with programs' lines in between": each(
    (m, i) =>
      `Jan  5 10:00:00 host kernel: ${m}\nJan  5 10:00:00 host npd[9]: seen: Out of memory: Killed process ${i} (x)`,
  ),
  "wrapped at 80 columns": each((m, i) => `[ 2128.01${i}] ${m}`.replace(/.{80}(?=.)/g, "$&\n")),
};

/** Where a report stands in a log is not what it says. */
const said = ({ firstLine: _, lastLine: __, ...report }: OomReport) => report;

const only = (log: string): OomReport => {
  const reports = readReports(log);
  equal(reports.length, 1);
  ok(reports[0]);
  return reports[0];
};

describe("one report, however it was written down, says the same", () => {
  for (const [name, log] of Object.entries(writings))
    test(name, () => deepEqual(said(only(log)), said(only(specimen))));
});

test("names may hold blanks, brackets and the words of the kernel", () => {
  const report = only(specimen);
  deepEqual(
    report.tasks.map(({ name }) => name),
    ["npm install moc", "a) b,task=c"],
  );
  equal(report.trigger?.comm, "tmux: server");
  deepEqual([report.victim?.pid, report.victim?.name, report.victim?.anonRssKib], [11277, "a) b,task=c", 55168]);
  equal(report.memcg?.path, "/oom,spec");
  equal(report.reaped?.anonRssKib, 8);
  equal(report.memsAllowed, "0-1,3");
});

test("a name that is longer than any can be is damage: the row is not believed, nor is the table whole", () => {
  equal(only(specimen).isTableComplete, false);
  const mended = specimen.replace("531 (sd-pam) [x]", "531 (sd-pam)");
  equal(only(mended).isTableComplete, true);
  equal(only(mended).isComplete, true);
  equal(only(mended).tasks[1]?.name, "531 (sd-pam)");
});

test("Linux 2.6.32: oom_adj, a child for its parent, and what a program says in between is not the kernel's", () => {
  const report = only(fixture("linux-2.6.32"));
  deepEqual(report.trigger, { comm: "Xorg", gfpMask: "0x201da", order: 0, oomAdj: -3 });
  deepEqual(report.choice, { pid: 2050, name: "gnome-session", score: 66626, isRawBadness: true });
  deepEqual(report.victim, { pid: 2100, name: "iceweasel" });
  deepEqual(report.tasks[1], {
    pid: 1999,
    uid: 0,
    tgid: 1999,
    totalVmPages: 40000,
    rssPages: 20000,
    oomAdj: -3,
    name: "Xorg",
  });
  equal(report.constraint, "none");
  equal(report.isComplete, true);
  deepEqual(report.zones[0]?.protectionPages, [0, 994, 994, 994]);
});

test("reports that follow each other are told apart, and one whose table was left out is a report too", () => {
  const reports = readReports(fixture("two-and-a-ratelimited-one"));
  deepEqual(
    reports.map(({ victim, tasks, trigger }) => [victim?.pid, tasks.length, trigger?.order]),
    [
      [10, 1, 0],
      [11, 0, undefined],
      [12, 1, -1],
    ],
  );
  deepEqual(
    reports.map(({ isTableComplete, reaped }) => [isTableComplete, reaped]),
    [
      [true, undefined],
      [false, undefined],
      [false, undefined],
    ],
  );
});

test("a report without its header is told from one before it without its kill", () => {
  const logs = ["149.log", "150.log"].map((file) => textOf(readFixture(`oom-reports/${file}`)));
  deepEqual(readReports(logs.join("")).map(said), logs.flatMap((log) => readReports(log)).map(said));
});

test("Mem-Info alone is no report", () => {
  deepEqual(readReports("[ 1.0] Mem-Info:\n[ 1.0] active_anon:1 inactive_anon:2\n[ 1.0] 262144 pages RAM\n"), []);
});

test("more tasks than are kept are counted", () => {
  const heading = "[  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name\n";
  const rows = Array.from({ length: 65_540 }, (_, i) => `[ ${i + 10}] 0 ${i + 10} 1 1 4096 0 0 x\n`).join("");
  const report = only(`${heading}${rows}Out of memory: Killed process 10 (x) total-vm:4kB\n`);
  deepEqual([report.tasks.length, report.tasksLeftOut, report.isTableComplete], [65_536, 4, false]);
});

test("a line without an end neither fills the memory nor hides the report behind it", () => {
  const reader = readReports(`${"Out of memory: ".repeat(200_000)}\n${specimen}`);
  equal(reader.length, 1);
  equal(reader[0]?.firstLine, 2);
});
