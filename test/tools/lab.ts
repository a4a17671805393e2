import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { repositoryRoot } from "#test/support/repository.ts";
import { chooseCount, chooseGuards, chooseSeries, chooseStories, guardNames, guestOptions } from "#test/vm/choices.ts";
import { describeRun } from "#test/vm/describe-run.ts";
import { type VmGuard, vmGuards } from "#test/vm/guards.ts";
import { requireGuests } from "#test/vm/host.ts";
import { type Cell, keepRun, keptRuns } from "#test/vm/keep.ts";
import { fetchKernel, type Kernel, kernelSeries } from "#test/vm/kernel.ts";
import { labSection, withLabSection } from "#test/vm/lab/page.ts";
import { drawPictures } from "#test/vm/lab/pictures.ts";
import { readLab, releasesOf, remaining } from "#test/vm/lab/runs.ts";
import { playInGuest } from "#test/vm/play.ts";
import { inPool } from "#test/vm/pool.ts";
import { makeRootImage } from "#test/vm/root-image.ts";
import type { VmStory } from "#test/vm/story.ts";
import { type Given, print, runTool } from "#test/vm/tool.ts";

const help = `Usage: npm run lab -- [OPTION…] [STORY…]

Plays stories of test/vm/scenarios in virtual machines under tidemark, its peers (Debian's packages) and the kernel alone, and
prints medians: how long somebody at the machine was kept waiting, who was ended, whether the kernel had to.
A guest's time is counted in instructions: the figures depend little on what else the host does.

  STORY…            only the stories whose names begin so (default: all), in this order
  --runs K          how often each story is played under each guard (default 3)
  --guards A,B      who watches: ${guardNames} (default: all)
  --kernel SERIES   which Linux: ${kernelSeries.join(", ")} (default ${kernelSeries[0]})
  --at-once N       how many guests at a time (default 2)
  --keep FOLDER     keeps what each guest said there, and plays only what is not there yet
  --print           plays nothing: reads what FOLDER keeps, and works the figures out anew
  --write           writes them into BENCHMARKS.md as well, with pictures
  --help            this text
`;

const options = {
  allowPositionals: true,
  options: {
    ...guestOptions,
    runs: { type: "string", default: "3" },
    guards: { type: "string", default: vmGuards.map(({ name }) => name).join(",") },
    keep: { type: "string" },
    print: { type: "boolean", default: false },
    write: { type: "boolean", default: false },
  },
} as const;

/** One story under one guard. */
interface Programme extends Cell {
  readonly told: VmStory;
  readonly watch: VmGuard;
}

/** Where it is played, and kept. */
interface Stage {
  readonly kernel: Kernel;
  readonly folder: string;
  readonly keep: string;
  readonly atOnce: number;
}

async function playRest(todo: readonly Programme[], { kernel, folder, keep, atOnce }: Stage): Promise<void> {
  const guards = [...new Set(todo.map(({ watch }) => watch))];
  const images = new Map(guards.map((watch) => [watch, makeRootImage(folder, watch)]));
  await inPool(todo, atOnce, async ({ told, watch, ...cell }) => {
    const stage = { guard: watch, kernel, rootImage: images.get(watch) ?? "", folder };
    const outcome = await playInGuest(told, stage);
    keepRun(keep, cell, outcome.output);
    print(describeRun(`${told.name}, ${watch.name}`, outcome));
  });
}

/** One folder is one comparison. @throws RangeError where it holds runs on another kernel */
function requireSameKernel(found: readonly string[], { release }: Kernel): void {
  const others = found.filter((each) => each !== release);
  if (others.length > 0)
    throw new RangeError(
      `Cannot play on Linux ${release}: what is kept was played on ${others.join(", ")}; keep it apart`,
    );
}

function writePage(section: string): void {
  const path = join(repositoryRoot, "BENCHMARKS.md");
  writeFileSync(path, withLabSection(readFileSync(path, "utf8"), section));
}

async function run({ values, positionals }: Given<typeof options>, folder: string): Promise<number> {
  const [runs, atOnce] = [chooseCount("runs", values.runs), chooseCount("at-once", values["at-once"])];
  const guards = chooseGuards(values.guards.split(","));
  const names = guards.map(({ name }) => name);
  const stories = chooseStories(positionals);
  const series = chooseSeries(values.kernel);
  const keep = values.keep ?? join(folder, "kept");
  if (!values.print) {
    requireGuests(atOnce);
    const kernel = fetchKernel(series);
    requireSameKernel(releasesOf(readLab(keep, stories, names)), kernel);
    const programmes: readonly Programme[] = stories.flatMap((told) =>
      guards.map((watch) => ({ story: told.name, guard: watch.name, told, watch })),
    );
    const todo = remaining(programmes, (cell) => keptRuns(keep, cell).length, runs);
    await playRest(todo, { kernel, folder, keep, atOnce });
  }
  const kept = readLab(keep, stories, names);
  const pictures = values.write ? drawPictures(kept) : new Map();
  const section = labSection({ stories: kept, guards: names, pictures });
  print(`\n${section}`);
  if (values.write) writePage(section);
  return 0;
}

await runTool({ name: "lab", help, options, run });
