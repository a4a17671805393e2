import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { renderTable } from "#cli/render/table.ts";
import { readLog } from "#daemon/autopsy/read-log.ts";
import { bytes, bytesToKiB, kib, kibToMiB } from "#domain/units.ts";
import { makeOomReportReader } from "#procfs/oom-report/reader.ts";
import { median } from "#test/support/bench/median.ts";
import { repositoryRoot } from "#test/support/repository.ts";

const help = `Usage: npm run bench:autopsy -- [OPTION…]

How fast \`tidemark autopsy\` reads a long log, from its start to its end as a program, and how much of it is resident.
The log is made in a temporary folder (dist/test/tools/make-oom-log.js), read once before anything is measured, and removed.
The reader alone, in this process, is the control: it shows what a busy machine takes away from all of them.

  --runs N     how often each is run (default 5)
  --mib N      how long the log is (default 200)
  --reports N  how many reports it has (default 500)
  --help       this text
`;

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "5" },
    mib: { type: "string", default: "200" },
    reports: { type: "string", default: "500" },
    help: { type: "boolean", default: false },
  },
});

/** One run, from the start to the end. */
interface Run {
  readonly seconds: number;
  /** User and system, of all threads. */
  readonly cpuSeconds: number;
  /** The most that was resident. Undefined: it is that of the benchmark itself. */
  readonly resident?: number;
}

const built = (path: string): string => join(repositoryRoot, "dist", path);

/** Makes the program tell at its end, on descriptor 3, what the kernel counted for it. */
const witness = `import { writeSync } from "node:fs";
process.on("exit", () => writeSync(3, JSON.stringify(process.resourceUsage())));`;

async function runProgram(args: readonly string[]): Promise<Run> {
  const began = performance.now();
  const child = spawn(
    process.execPath,
    ["--import", `data:text/javascript,${encodeURIComponent(witness)}`, built("src/cli/main.js"), ...args],
    { stdio: ["ignore", "ignore", "inherit", "pipe"] },
  );
  let told = "";
  child.stdio[3]?.on("data", (text) => {
    told += String(text);
  });
  const [status] = await once(child, "close");
  const seconds = (performance.now() - began) / 1000;
  if (status !== 0) throw new Error(`tidemark ${args.join(" ")} ended with ${status}`);
  const { userCPUTime, systemCPUTime, maxRSS }: NodeJS.ResourceUsage = JSON.parse(told);
  return { seconds, cpuSeconds: (userCPUTime + systemCPUTime) / 1e6, resident: kibToMiB(kib(maxRSS)) };
}

async function runReader(path: string): Promise<Run> {
  const began = performance.now();
  const before = process.cpuUsage();
  const reader = makeOomReportReader();
  for await (const piece of readLog({ kind: "file", path })) reader.push(piece);
  reader.end();
  const { user, system } = process.cpuUsage(before);
  return { seconds: (performance.now() - began) / 1000, cpuSeconds: (user + system) / 1e6 };
}

function describeRuns(what: string, runs: readonly Run[], size: number): readonly string[] {
  const speeds = runs.map(({ seconds }) => size / seconds / 1e6);
  const residents = runs.flatMap(({ resident }) => resident ?? []);
  return [
    what,
    speeds.map((speed) => speed.toFixed(0)).join(" "),
    median(speeds).toFixed(0),
    median(runs.map(({ cpuSeconds }) => cpuSeconds)).toFixed(2),
    residents.length === 0 ? "" : `${median(residents).toFixed(1)} (at most ${Math.max(...residents).toFixed(1)})`,
  ];
}

async function bench(log: string, count: number): Promise<void> {
  const size = statSync(log).size;
  const contenders: readonly (readonly [string, () => Promise<Run>])[] = [
    ["autopsy --json", () => runProgram(["autopsy", "--json", log])],
    ["autopsy", () => runProgram(["autopsy", log])],
    ["the reader alone", () => runReader(log)],
  ];
  await runReader(log);
  const rows: (readonly string[])[] = [];
  for (const [what, run] of contenders) {
    const runs: Run[] = [];
    for (let n = 0; n < count; n++) runs.push(await run());
    rows.push(describeRuns(what, runs, size));
  }
  const mib = kibToMiB(bytesToKiB(bytes(size))).toFixed(0);
  process.stdout.write(
    `A log of ${mib} MiB with ${values.reports} reports, ${count} runs each; 1 MB is 1,000,000 bytes.\n`,
  );
  process.stdout.write(`Load of the machine: ${loadavg()[0]?.toFixed(2)} in the last minute.\n\n`);
  const titles = ["", "MB/s of each run", "median", "CPU s", "resident MiB"];
  const columns = titles.map((title) => ({ title, align: title === "" ? "left" : "right" }) as const);
  process.stdout.write(`${renderTable(columns, rows)}\n`);
}

async function main(): Promise<void> {
  const count = Number(values.runs);
  if (!Number.isInteger(count) || count < 1) {
    throw new RangeError(`Cannot use --runs ${values.runs}: it must be a whole number of at least 1`);
  }
  const folder = mkdtempSync(join(tmpdir(), "tidemark-bench-"));
  try {
    const log = join(folder, "kern.log");
    const options = ["--mib", values.mib, "--reports", values.reports, "--output", log];
    const { status } = spawnSync(process.execPath, [built("test/tools/make-oom-log.js"), ...options], {
      stdio: "inherit",
    });
    if (status === 0) await bench(log, count);
    else process.exitCode = 1;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

if (values.help) process.stdout.write(help);
else await main();
