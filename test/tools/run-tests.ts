import { existsSync, readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { run } from "node:test";
import { spec } from "node:test/reporters";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { type TestGroup, testGroups } from "./test-groups.ts";

const help = `Usage: npm test -- [FOLDER…]

Runs the tests below test/, or only those in the folders named: npm test -- unit/domain contract
Folders: ${testGroups.map((group) => group.name).join(" ")}`;

const compiledTests = fileURLToPath(new URL("..", import.meta.url));

/** What became of one group. */
interface GroupResult {
  readonly group: TestGroup;
  readonly counts: Readonly<Record<string, number>>;
  readonly skips: readonly string[];
  readonly seconds: number;
  /** Why the whole group did not run, or is not to be trusted. */
  readonly trouble?: string;
}

function testFiles({ name }: TestGroup, wanted: readonly string[]): readonly string[] {
  const folder = join(compiledTests, name);
  if (!existsSync(folder)) return [];
  const within = (file: string) =>
    wanted.some((path) => `${file}/`.startsWith(`${path}/`) || file === `${path}.test.js`);
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".test.js"))
    .map((file) => join(folder, file))
    .filter((file) => wanted.length === 0 || within(relative(compiledTests, file)))
    .sort();
}

async function runGroup(group: TestGroup, files: readonly string[]): Promise<GroupResult> {
  process.stdout.write(`\n── ${group.name}: ${group.proves} (${files.length} files)\n`);
  const began = performance.now();
  const counts: Record<string, number> = {};
  const skips: string[] = [];
  const stream = run({ files: [...files], concurrency: group.atOnce, timeout: group.timeout * 1000 });
  stream.on("test:diagnostic", ({ message, nesting }) => {
    const [, what, count] = /^(tests|pass|fail|cancelled|skipped|todo) (\d+)$/.exec(message) ?? [];
    if (nesting === 0 && what !== undefined) counts[what] = Number(count);
  });
  stream.on("test:pass", ({ name, skip }) => {
    if (skip !== undefined && skip !== false)
      skips.push(skip === true ? `${name}: no reason given` : `${name}: ${skip}`);
  });
  for await (const line of stream.compose(new spec())) process.stdout.write(line);
  return { group, counts, skips, seconds: (performance.now() - began) / 1000 };
}

/** A group that was left out for a reason, or could not be run. */
const notRun = (group: TestGroup, why: Pick<GroupResult, "skips" | "trouble">): GroupResult => ({
  group,
  counts: {},
  seconds: 0,
  ...why,
});

function hasFailed({ counts, skips, trouble }: GroupResult): boolean {
  const isUnexplained = skips.some((skip) => skip.endsWith("no reason given"));
  return trouble !== undefined || isUnexplained || (counts["fail"] ?? 0) + (counts["cancelled"] ?? 0) > 0;
}

function summarize(results: readonly GroupResult[]): string {
  const lines = results.map((result) => {
    const { group, counts, seconds, trouble } = result;
    const numbers = ["tests", "pass", "fail", "skipped"].map((what) => `${counts[what] ?? 0} ${what}`.padStart(11));
    const mark = hasFailed(result) ? "FAILED" : "ok";
    return `${group.name.padEnd(13)}${numbers.join("")}${`${seconds.toFixed(1)} s`.padStart(10)}  ${trouble ?? mark}`;
  });
  const skips = results.flatMap(({ group, skips: reasons }) => reasons.map((reason) => `  ${group.name}: ${reason}`));
  return ["", "── Summary", ...lines, ...(skips.length > 0 ? ["Skipped:", ...skips] : []), ""].join("\n");
}

async function runWanted(wanted: readonly string[]): Promise<readonly GroupResult[]> {
  const results: GroupResult[] = [];
  for (const group of testGroups) {
    const files = testFiles(group, wanted);
    if (files.length === 0 && wanted.length > 0) continue;
    if (files.length === 0) results.push(notRun(group, { skips: [], trouble: "FAILED: no tests found" }));
    else if (group.needsLinux && process.platform !== "linux") {
      results.push(notRun(group, { skips: ["all of it: needs a Linux kernel"] }));
    } else results.push(await runGroup(group, files));
  }
  return results;
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { help: { type: "boolean" } } });
  if (values.help === true) {
    process.stdout.write(`${help}\n`);
    return 0;
  }
  const wanted = positionals.map((path) => path.replace(/^test\//, "").replace(/\/$/, ""));
  const results = await runWanted(wanted);
  process.stdout.write(results.length > 0 ? summarize(results) : `No tests in ${wanted.join(", ")}\n`);
  return results.length === 0 || results.some(hasFailed) ? 1 : 0;
}

process.exitCode = await main();
