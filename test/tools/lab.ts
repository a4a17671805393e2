import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { repositoryRoot } from "#test/support/repository.ts";
import {
  chooseCount,
  chooseGuards,
  chooseSeries,
  chooseStories,
  guardNames,
  guestOptions,
  runWithChoices,
} from "#test/vm/choices.ts";
import { type VmGuard, vmGuards } from "#test/vm/guards.ts";
import { lacksGuests } from "#test/vm/host.ts";
import { keepOutput } from "#test/vm/keep.ts";
import { fetchKernel, type Kernel, kernelSeries } from "#test/vm/kernel.ts";
import { figuresOf, type LabFigures } from "#test/vm/lab/figures.ts";
import { addToLedger, type Cell, readLedger, remaining } from "#test/vm/lab/ledger.ts";
import { labSection, withLabSection } from "#test/vm/lab/page.ts";
import { renderLab } from "#test/vm/lab/table.ts";
import { playInGuest } from "#test/vm/play.ts";
import { inPool } from "#test/vm/pool.ts";
import { makeRootImage } from "#test/vm/root-image.ts";
import type { VmStory } from "#test/vm/story.ts";

const help = `Usage: npm run lab -- [OPTION…] [STORY…]

Plays stories of test/vm/scenarios in virtual machines under tidemark, its peers (Debian's packages) and the kernel alone, and
prints medians: how long somebody at the machine was kept waiting, who was ended, whether the kernel had to.
A guest's time is counted in instructions: the figures depend little on what else the host does.

  STORY…            only the stories whose names begin so (default: all), in this order
  --runs K          how often each story is played under each guard (default 3)
  --guards A,B      who watches: ${guardNames} (default: all)
  --kernel SERIES   which Linux: ${kernelSeries.join(", ")} (default ${kernelSeries[0]})
  --at-once N       how many guests at a time (default 2)
  --json FILE       adds each run to FILE, and plays only what is not there yet
  --keep FOLDER     keeps what each guest said there
  --print           plays nothing: prints what is in FILE
  --write           writes the tables into BENCHMARKS.md as well
  --help            this text
`;

const print = (text: string): void => void process.stdout.write(`${text}\n`);

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    runs: { type: "string", default: "3" },
    guards: { type: "string", default: vmGuards.map(({ name }) => name).join(",") },
    ...guestOptions,
    json: { type: "string" },
    keep: { type: "string" },
    print: { type: "boolean", default: false },
    write: { type: "boolean", default: false },
  },
});

/** One story under one guard. */
interface Programme extends Cell {
  readonly told: VmStory;
  readonly watch: VmGuard;
}

/** Where it is played. */
interface Stage {
  readonly kernel: Kernel;
  readonly folder: string;
  readonly atOnce: number;
}

/** Of these runs that are kept, the next. */
function newFolder(beginning: string): string {
  for (let run = 1; ; run += 1) if (!existsSync(`${beginning}-${run}`)) return `${beginning}-${run}`;
}

/** Plays what is not in the ledger yet. */
async function playRest(todo: readonly Programme[], { kernel, folder, atOnce }: Stage): Promise<readonly LabFigures[]> {
  const guards = [...new Set(todo.map(({ watch }) => watch))];
  const images = new Map(guards.map((watch) => [watch, makeRootImage(folder, watch)]));
  return inPool(todo, atOnce, async ({ told, watch }) => {
    const stage = { guard: watch, kernel, rootImage: images.get(watch) ?? "", folder };
    const run = { story: told, guard: watch.name, kernel: kernel.release };
    const outcome = await playInGuest(told, stage);
    const figures = figuresOf(run, outcome);
    if (values.keep !== undefined)
      keepOutput(newFolder(join(values.keep, `${told.name}-${watch.name}`)), outcome.output);
    if (values.json !== undefined) addToLedger(values.json, figures);
    print(JSON.stringify(figures));
    return figures;
  });
}

function writeSection(section: string): void {
  const path = join(repositoryRoot, "BENCHMARKS.md");
  writeFileSync(path, withLabSection(readFileSync(path, "utf8"), section));
}

async function main(): Promise<number> {
  const lacking = values.help ? false : lacksGuests(Number(values["at-once"]));
  if (values.help || lacking !== false) {
    print(lacking === false ? help : `Cannot play: ${lacking}`);
    return values.help ? 0 : 1;
  }
  const [runs, atOnce] = [chooseCount("runs", values.runs), chooseCount("at-once", values["at-once"])];
  const guards = chooseGuards(values.guards.split(","));
  const stories = chooseStories(positionals);
  const kernel = fetchKernel(chooseSeries(values.kernel));
  const programmes: readonly Programme[] = stories.flatMap((told) =>
    guards.map((watch) => ({ story: told.name, guard: watch.name, kernel: kernel.release, told, watch })),
  );
  const done = readLedger(values.json);
  const folder = mkdtempSync(join(tmpdir(), "tidemark-lab-"));
  try {
    const todo = values.print ? [] : remaining(programmes, done, runs);
    const played = await playRest(todo, { kernel, folder, atOnce });
    const tables = renderLab([...done, ...played], programmes);
    print(`\n${tables}`);
    if (values.write) writeSection(labSection(tables, kernel.release));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return 0;
}

process.exitCode = await runWithChoices(main);
