import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import { condenseRecord } from "#test/support/calibration/guests/condense.ts";
import { printRun } from "#test/support/calibration/guests/guest-run.ts";
import { guestFolder } from "#test/support/calibration/guests/recorded-guests.ts";
import { kernelSeries } from "#test/vm/kernel.ts";
import { readRecord } from "#test/vm/record.ts";
import { storyNames } from "#test/vm/story.ts";

const help = `Usage: npm run calibrate:guests -- FOLDER…

Takes what guests said while nobody but the kernel watched (npm run lab -- --guards kernel --keep PLACE STORY leaves it in
PLACE/STORY-kernel-N, npm run test:vm -- --guard kernel --keep PLACE STORY in PLACE/STORY) into test/fixtures/calibration/guests, a few KiB for each run. npm run calibrate then holds the simulated
machine against it.`;

const print = (line: string): void => void process.stdout.write(`${line}\n`);

/** What a kernel says first. */
const banner = /Linux version (\S+)/;

/** Takes one run. Returns where it lies now. @throws Error for one that says nothing of a machine alone with its kernel */
function keepGuest(folder: string): string {
  const [record = "", console = "", log = ""] = ["record", "console", "kernelLog"].map((file) =>
    readFileSync(join(folder, file), "utf8"),
  );
  const story = storyNames().find((name) => new RegExp(`^${name}(-kernel-\\d+)?$`).test(basename(folder)));
  if (story === undefined) throw new Error("it is not named as a story of test/vm/scenarios is");
  const release = banner.exec(log)?.[1] ?? "";
  const series = kernelSeries.find((each) => release.startsWith(`${each}.`));
  if (series === undefined) throw new Error(`its kernel, "${release}", is none of ${kernelSeries.join(", ")}`);
  const run = condenseRecord(release, readRecord(record, console));
  mkdirSync(guestFolder(series), { recursive: true });
  const path = nextPath(series, story);
  writeFileSync(path, printRun(run));
  return path;
}

function nextPath(series: (typeof kernelSeries)[number], story: string): string {
  for (let run = 1; ; run += 1) {
    const path = join(guestFolder(series), `${story}-${run}.tsv`);
    if (!existsSync(path)) return path;
  }
}

function main(): number {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { help: { type: "boolean", default: false } },
  });
  if (values.help || positionals.length === 0) {
    print(help);
    return values.help ? 0 : 2;
  }
  let status = 0;
  for (const folder of positionals) {
    try {
      print(`${folder} → ${keepGuest(folder)}`);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      print(`Cannot take ${folder}: ${error.message}`);
      status = 1;
    }
  }
  return status;
}

process.exitCode = main();
