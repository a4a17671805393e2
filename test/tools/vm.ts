import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { describeSpan } from "#journal/amounts.ts";
import { sentenceOf } from "#test/support/corpus/render.ts";
import {
  chooseCount,
  chooseGuards,
  chooseSeries,
  chooseStories,
  guardNames,
  guestOptions,
  runWithChoices,
} from "#test/vm/choices.ts";
import { tidemarkGuard, type VmGuard } from "#test/vm/guards.ts";
import { lacksGuests } from "#test/vm/host.ts";
import { busyboxPackage } from "#test/vm/initramfs.ts";
import { keepOutput } from "#test/vm/keep.ts";
import { fetchKernel, type Kernel, type KernelSeries, kernelSeries } from "#test/vm/kernel.ts";
import { unpackPackage } from "#test/vm/packages.ts";
import { isWell, playInGuest, type Stage, type VmOutcome } from "#test/vm/play.ts";
import { inPool } from "#test/vm/pool.ts";
import { makeRootImage } from "#test/vm/root-image.ts";
import type { VmStory } from "#test/vm/story.ts";
import { judgeRun, type Result } from "#test/vm/verdict.ts";

/** What a run of all of CI has the time for: each kind of trouble once. */
const quickStories = [
  "copy-big-file",
  "fast-hog-no-swap",
  "fast-hog-zram",
  "memcg-at-its-limit",
  "pressure-off",
  "stopped-hog",
];

const help = `Usage: npm run test:vm -- [OPTION…] [STORY…]

Plays stories of test/vm/scenarios on a real kernel that is really out of memory: in virtual machines with software
emulation, made of Debian's packages, which are kept in ~/.cache/tidemark-vm ($TIDEMARK_VM_CACHE). Needs qemu-system-x86.
Exit status 1 when a story does not end as expected.

  STORY…             only the stories whose names begin so
  --quick            only ${quickStories.join(", ")}
  --or-skip          where no virtual machine can be had, says why, with exit status 0
  --guard NAME       who watches: ${guardNames} (default ${tidemarkGuard.name})
  --kernel SERIES    which Linux: ${kernelSeries.join(", ")} (default ${kernelSeries[0]})
  --at-once N        how many guests at a time, each with its RAM of 1 GiB and one processor (default 2)
  --limit SECONDS    ends guests that are not through by then (default 3600); with --or-skip that is no failure, unless
                     one took far longer than the others
  --keep FOLDER      keeps what each guest said there
`;

const print = (text: string): void => void process.stdout.write(`${text}\n`);

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    ...guestOptions,
    quick: { type: "boolean", default: false },
    "or-skip": { type: "boolean", default: false },
    guard: { type: "string", default: tidemarkGuard.name },
    limit: { type: "string", default: "3600" },
    keep: { type: "string" },
  },
});

/** Fetches what guests are made of. @throws Error when it cannot be had */
function fetchParts(series: KernelSeries, guard: VmGuard, atOnce: number): Kernel {
  const lacking = lacksGuests(atOnce);
  if (lacking !== false) throw new Error(lacking);
  for (const name of [busyboxPackage, ...guard.packages]) unpackPackage(name);
  return fetchKernel(series);
}

function describe(story: VmStory, outcome: VmOutcome, seconds: number): string {
  const { victims, byKernel } = outcome.record.deaths;
  const told = (who: string, list: readonly { readonly comm: string; readonly at: number }[]): readonly string[] =>
    list.slice(0, 3).map(({ comm, at }) => `${comm} (${who}, ${(at / 1000).toFixed(1)} s)`);
  const ended = [...told("guard", victims), ...told("kernel", byKernel)].join(", ") || "nobody";
  const mark = isWell(outcome) ? "ok  " : outcome.output.isStuck ? "----" : "FAIL";
  const stall = describeSpan(outcome.longestStall);
  const sentences = [...outcome.disappointments.map(sentenceOf), ...outcome.record.troubles];
  return [
    `${mark} ${story.name.padEnd(22)} ended: ${ended}; longest stall ${stall}; took ${seconds.toFixed(0)} s`,
    ...sentences.map((sentence) => `     ${sentence}`),
  ].join("\n");
}

async function play(story: VmStory, stage: Stage): Promise<Result> {
  if (stage.limit?.aborted === true) return { name: story.name, seconds: 0, isStuck: true, isWell: false };
  const began = performance.now();
  const outcome = await playInGuest(story, stage);
  if (values.keep !== undefined) keepOutput(join(values.keep, story.name), outcome.output);
  const seconds = (performance.now() - began) / 1000;
  print(describe(story, outcome, seconds));
  return { name: story.name, seconds, isStuck: outcome.output.isStuck, isWell: isWell(outcome) };
}

/** Whoever may skip skips what the time was too short for, and nothing else. */
function conclude(results: readonly Result[], seconds: number): number {
  const { well, wrong, hung, unplayed } = judgeRun(results);
  if (hung.length > 0) print(`Took far longer than the others, and had to be ended: ${hung.join(", ")}`);
  if (unplayed > 0) print(`Not played to the end, for want of time: ${unplayed}`);
  print(`${well} of ${results.length} stories as expected; ${seconds.toFixed(0)} s`);
  return wrong.length + hung.length > 0 || (unplayed > 0 && !values["or-skip"]) ? 1 : 0;
}

async function playAll(folder: string): Promise<number> {
  const [guard = tidemarkGuard] = chooseGuards([values.guard]);
  const series = chooseSeries(values.kernel);
  const stories = chooseStories(values.quick ? quickStories : positionals);
  const atOnce = chooseCount("at-once", values["at-once"]);
  const began = performance.now();
  const limit = AbortSignal.timeout(chooseCount("limit", values.limit) * 1000);
  let kernel: Kernel;
  try {
    kernel = fetchParts(series, guard, atOnce);
  } catch (error) {
    if (!values["or-skip"] || !(error instanceof Error)) throw error;
    print(`Skipped, all of it: ${error.message}`);
    return 0;
  }
  const stage = { guard, kernel, rootImage: makeRootImage(folder, guard), folder, limit };
  print(`Linux ${kernel.release}, watched by ${guard.name}`);
  const results = await inPool(stories, atOnce, (story) => play(story, stage));
  return conclude(results, (performance.now() - began) / 1000);
}

async function main(): Promise<number> {
  if (values.help) {
    print(help);
    return 0;
  }
  const folder = mkdtempSync(join(tmpdir(), "tidemark-vm-"));
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      rmSync(folder, { recursive: true, force: true });
      process.kill(process.pid, signal);
    });
  }
  try {
    return await playAll(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

process.exitCode = await runWithChoices(main);
