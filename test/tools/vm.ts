import { chooseCount, chooseGuards, chooseSeries, chooseStories, guardNames, guestOptions } from "#test/vm/choices.ts";
import { describeRun } from "#test/vm/describe-run.ts";
import { tidemarkGuard, type VmGuard } from "#test/vm/guards.ts";
import { requireGuests } from "#test/vm/host.ts";
import { busyboxPackage } from "#test/vm/initramfs.ts";
import { keepRun } from "#test/vm/keep.ts";
import { fetchKernel, type Kernel, type KernelSeries, kernelSeries } from "#test/vm/kernel.ts";
import { unpackPackage } from "#test/vm/packages.ts";
import { isWell, playInGuest, type Stage } from "#test/vm/play.ts";
import { inPool } from "#test/vm/pool.ts";
import { makeRootImage } from "#test/vm/root-image.ts";
import type { VmStory } from "#test/vm/story.ts";
import { type Given, prepareUnlessSkipped, print, runTool } from "#test/vm/tool.ts";
import { describeTallies, judgeRun, type Result } from "#test/vm/verdict.ts";

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
  --runs N           how often each story is played (default 1)
  --or-skip          where no virtual machine can be had, says why, with exit status 0
  --guard NAME       who watches: ${guardNames} (default ${tidemarkGuard.name})
  --kernel SERIES    which Linux: ${kernelSeries.join(", ")} (default ${kernelSeries[0]})
  --at-once N        how many guests at a time, each with its RAM of 1 GiB and one processor (default 2)
  --limit SECONDS    ends guests that are not through by then (default 3600); with --or-skip that is no failure, unless
                     one took far longer than the others
  --keep FOLDER      keeps what each guest said there, as npm run lab does
`;

const options = {
  allowPositionals: true,
  options: {
    ...guestOptions,
    quick: { type: "boolean", default: false },
    runs: { type: "string", default: "1" },
    "or-skip": { type: "boolean", default: false },
    guard: { type: "string", default: tidemarkGuard.name },
    limit: { type: "string", default: "3600" },
    keep: { type: "string" },
  },
} as const;

/** Fetches what guests are made of. @throws Error when it cannot be had */
function fetchParts(series: KernelSeries, guard: VmGuard, atOnce: number): Kernel {
  requireGuests(atOnce);
  for (const name of [busyboxPackage, ...guard.packages]) unpackPackage(name);
  return fetchKernel(series);
}

interface PlayedStage extends Stage {
  /** Where what each guest said is kept. */
  readonly keep: string | undefined;
}

async function play(story: VmStory, { keep, ...stage }: PlayedStage): Promise<Result> {
  const { name } = story;
  if (stage.limit?.aborted === true) return { name, seconds: 0, isStuck: true, isWell: false };
  const began = performance.now();
  const outcome = await playInGuest(story, stage);
  if (keep !== undefined) keepRun(keep, { story: name, guard: stage.guard.name }, outcome.output);
  const seconds = (performance.now() - began) / 1000;
  print(describeRun(`${name} (${seconds.toFixed(0)} s)`, outcome));
  return { name, seconds, isStuck: outcome.output.isStuck, isWell: isWell(outcome) };
}

/** Whoever may skip skips what the time was too short for, and nothing else. */
function conclude(results: readonly Result[], seconds: number, maySkip: boolean): number {
  const { well, wrong, hung, unplayed } = judgeRun(results);
  for (const line of describeTallies(results)) print(line);
  if (hung.length > 0) print(`Took far longer than the others, and had to be ended: ${hung.join(", ")}`);
  if (unplayed > 0) print(`Not played to the end, for want of time: ${unplayed}`);
  print(`${well} of ${results.length} stories as expected; ${seconds.toFixed(0)} s`);
  return wrong.length + hung.length > 0 || (unplayed > 0 && !maySkip) ? 1 : 0;
}

async function run({ values, positionals }: Given<typeof options>, folder: string): Promise<number> {
  const [guard = tidemarkGuard] = chooseGuards([values.guard]);
  const series = chooseSeries(values.kernel);
  const stories = chooseStories(values.quick ? quickStories : positionals);
  const [runs, atOnce] = [chooseCount("runs", values.runs), chooseCount("at-once", values["at-once"])];
  const began = performance.now();
  const limit = AbortSignal.timeout(chooseCount("limit", values.limit) * 1000);
  const kernel = prepareUnlessSkipped(values["or-skip"], () => fetchParts(series, guard, atOnce));
  if (kernel === undefined) return 0;
  const stage = { guard, kernel, rootImage: makeRootImage(folder, guard), folder, limit, keep: values.keep };
  print(`Linux ${kernel.release}, watched by ${guard.name}`);
  const programme = Array.from({ length: runs }, () => stories).flat();
  const results = await inPool(programme, atOnce, (story) => play(story, stage));
  return conclude(results, (performance.now() - began) / 1000, values["or-skip"]);
}

await runTool({ name: "vm", help, options, run });
