import { readdirSync, readFileSync } from "node:fs";
import { SourceMap } from "node:module";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * Prints which lines of the pure folders ran under test, from what c8 recorded, and fails below the least share.
 *
 * A line counts when the compiler made code of it: types and comments are not covered, they are not there. A file no
 * test ever loaded counts with all its lines.
 */
const folders = ["src/engine", "src/domain", "policies", "src/procfs"];
const leastPercent = 95;

const root = fileURLToPath(new URL("../../..", import.meta.url));

/** How c8 says which lines ran: one statement for each line. */
interface FileCoverage {
  readonly statementMap: Readonly<Record<string, { readonly start: { readonly line: number } }>>;
  readonly s: Readonly<Record<string, number>>;
}

interface CoveredFile {
  readonly path: string;
  readonly lines: number;
  readonly missed: readonly number[];
}

/** The lines of a source that became JavaScript. */
function linesOfCode(path: string): readonly number[] {
  const compiled = join(root, "dist", relative(root, path)).replace(/\.ts$/, ".js");
  const map = new SourceMap(JSON.parse(readFileSync(`${compiled}.map`, "utf8")));
  const found = new Set<number>();
  for (const [line, text] of readFileSync(compiled, "utf8").split("\n").entries()) {
    if (/^\s*(\/\/|\/?\*|$)/.test(text)) continue;
    for (let column = 0; column < text.length; column += 1) {
      const entry = map.findEntry(line, column);
      if ("originalLine" in entry && entry.generatedLine === line) found.add(entry.originalLine + 1);
    }
  }
  return [...found].sort((a, b) => a - b);
}

function cover(path: string, coverage: FileCoverage | undefined): CoveredFile {
  const code = linesOfCode(path);
  const ran = new Set<number>();
  for (const [id, { start }] of Object.entries(coverage?.statementMap ?? {})) {
    if ((coverage?.s[id] ?? 0) > 0) ran.add(start.line);
  }
  return { path: relative(root, path), lines: code.length, missed: code.filter((line) => !ran.has(line)) };
}

/** `3, 7-9`: line numbers as people read them. */
function ranges(lines: readonly number[]): string {
  const starts = lines.filter((line) => !lines.includes(line - 1));
  const ends = lines.filter((line) => !lines.includes(line + 1));
  return starts.map((start, i) => (start === ends[i] ? `${start}` : `${start}-${ends[i]}`)).join(", ");
}

const total = (files: readonly CoveredFile[], count: (file: CoveredFile) => number): number =>
  files.reduce((sum, file) => sum + count(file), 0);

/** Percent of lines that ran. A folder without any proves nothing. */
function percentRun(files: readonly CoveredFile[]): number {
  const lines = total(files, (file) => file.lines);
  return lines === 0 ? 0 : 100 - (100 * total(files, (file) => file.missed.length)) / lines;
}

type Recorded = Readonly<Record<string, FileCoverage>>;

function printFolder(folder: string, recorded: Recorded): boolean {
  const files = readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .sort()
    .map((file) => join(root, folder, file))
    .map((path) => cover(path, recorded[path]));
  const percent = percentRun(files);
  const lines = total(files, (file) => file.lines);
  process.stdout.write(`${folder.padEnd(12)} ${percent.toFixed(1).padStart(5)} % of ${lines} lines\n`);
  for (const { path, missed } of files) {
    if (missed.length > 0) process.stdout.write(`  ${path}: not run: ${ranges(missed)}\n`);
  }
  return percent >= leastPercent;
}

const report: Recorded = JSON.parse(readFileSync(join(root, "coverage", "coverage-final.json"), "utf8"));
const enough = folders.map((folder) => printFolder(folder, report));
if (enough.includes(false)) {
  process.stdout.write(`Coverage is too low: each folder needs ${leastPercent} % of its lines\n`);
  process.exitCode = 1;
}
