import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Bench, BenchContext } from "#test/support/bench/bench.ts";
import { benches } from "#test/support/bench/benches.ts";
import { type Measured, renderForTerminal, renderPage } from "#test/support/bench/render-bench.ts";
import { lookAround } from "#test/support/bench/surroundings.ts";
import { lacksPrograms } from "#test/support/needs.ts";
import { repositoryRoot } from "#test/support/repository.ts";
import { labSectionOf, withLabSection } from "#test/vm/lab/page.ts";

const page = "BENCHMARKS.md";

const help = `Usage: npm run bench -- [OPTION…]
       npm run bench:NAME -- [OPTION…]

Measures tidemark, in one run beside those it is compared with. Without a name all is measured, and ${page} is written.
Needs root for most of it: hogs are processes of a user of their own, and nobody else's can be killed.

${benches.map(({ name, title }) => `  bench:${name.padEnd(12)}${title}`).join("\n")}

  --json FILE      writes all measurements to FILE as well
  --earlyoom PATH  the earlyoom to compare with (default: the one on the PATH). Debian 12 has 1.7, which does not reap; the
                   1.9.0 of a later Debian runs there as well: apt-get download it, and unpack it with dpkg-deb -x
  --pairs N        kills of each hog by each daemon (default 15)
  --quick          as little as shows that it works, in seconds; the figures mean nothing, and ${page} stays as it is
  --help           this text

Ends with exit status 0 when everything could be measured, whether the claims hold or not. Ctrl-C ends whatever was started.
`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: "string" },
    earlyoom: { type: "string" },
    pairs: { type: "string", default: "15" },
    quick: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

async function measure(bench: Bench, context: BenchContext): Promise<Measured> {
  const surroundings = lookAround(context.earlyoom);
  const began = performance.now();
  const lacking = bench.lacks(context);
  const result = lacking === false ? await bench.run(context) : { lacking };
  const { name, title } = bench;
  return { bench: { name, title }, surroundings, seconds: (performance.now() - began) / 1000, result };
}

/** It is run as a user that can signal nobody but the hogs, and only root can do that. */
function findEarlyoom(): string | undefined {
  if (process.geteuid?.() !== 0 || lacksPrograms("setpriv") !== false) return undefined;
  return values.earlyoom ?? (lacksPrograms("earlyoom") === false ? "earlyoom" : undefined);
}

function chosenBenches(): readonly Bench[] {
  const unknown = positionals.filter((wanted) => benches.every(({ name }) => name !== wanted));
  if (unknown.length > 0)
    throw new RangeError(
      `Cannot measure ${unknown.join(", ")}: write some of ${benches.map(({ name }) => name).join(", ")}`,
    );
  return positionals.length === 0 ? benches : benches.filter(({ name }) => positionals.includes(name));
}

/** What the lab wrote there stays. */
function writePage(text: string): void {
  const path = join(repositoryRoot, page);
  writeFileSync(path, withLabSection(text, labSectionOf(readFileSync(path, "utf8"))));
}

async function main(signal: AbortSignal): Promise<void> {
  const earlyoom = findEarlyoom();
  const surroundings = lookAround(earlyoom);
  const pairs = Number(values.pairs);
  if (!Number.isInteger(pairs) || pairs < 1) {
    throw new RangeError(`Cannot use --pairs ${values.pairs}: it must be a whole number of at least 1`);
  }
  const say = (text: string): void => void process.stderr.write(`bench: ${text}\n`);
  const all: Measured[] = [];
  for (const bench of chosenBenches()) {
    const measured = await measure(bench, { isQuick: values.quick, pairs, signal, earlyoom, say });
    all.push(measured);
    process.stdout.write(`${renderForTerminal(measured)}\n`);
  }
  if (values.json !== undefined)
    writeFileSync(values.json, `${JSON.stringify({ surroundings, benches: all }, undefined, 2)}\n`);
  if (positionals.length === 0 && !values.quick) writePage(renderPage(all, surroundings));
  if (all.some(({ result }) => "lacking" in result) && !values.quick) process.exitCode = 1;
}

async function mainUntilInterrupted(): Promise<void> {
  const interruption = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => interruption.abort(name));
  try {
    await main(interruption.signal);
  } catch (error) {
    if (!interruption.signal.aborted) throw error;
    process.stderr.write(`bench: ended by ${interruption.signal.reason}; everything that was started has ended\n`);
    process.exitCode = 130;
  }
}

if (values.help) process.stdout.write(help);
else await mainUntilInterrupted();
