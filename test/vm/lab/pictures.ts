import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { millisecondsToSeconds } from "#domain/units.ts";
import { repositoryRoot } from "#test/support/repository.ts";
import { earlyoomGuard, kernelAlone, tidemarkGuard } from "#test/vm/guards.ts";
import { middleRun } from "./median.ts";
import type { Picture } from "./page.ts";
import { type Column, drawPlot } from "./plot/plot.ts";
import type { LabRun, LabStory } from "./runs.ts";

/** Stories that are drawn: each of them shows something else. */
const drawn = ["fast-hog-no-swap", "fast-hog-zram", "fast-hog-disk-swap", "thrash-disk-swap", "thrash-file-cache"];

/** Who is drawn beside each other. */
const guards = [tidemarkGuard, earlyoomGuard, kernelAlone].map(({ name }) => name);

const folder = "test/vm/lab/plots";

/** Draws the telling stories: of each guard the median run. @returns the pictures, by the names of their stories */
export function drawPictures(stories: readonly LabStory[]): ReadonlyMap<string, Picture> {
  mkdirSync(join(repositoryRoot, folder), { recursive: true });
  const told = stories.filter(({ story }) => drawn.includes(story.name));
  return new Map(
    told.map(({ story, runs }) => {
      const columns = guards.flatMap((guard) => columnOf(guard, middleRun(runs.get(guard) ?? [])) ?? []);
      const path = `${folder}/${story.name}.svg`;
      writeFileSync(join(repositoryRoot, path), drawPlot(story.file.title, columns));
      return [story.name, { path, shows: `${story.file.title}: memory and waits under ${guards.join(", ")}` }];
    }),
  );
}

const columnOf = (name: string, run: LabRun | undefined): Column | undefined =>
  run && { name, outcome: outcomeOf(run), run: run.record };

/** `ended hog at 2.5 s`, `ended nobody`. */
export function outcomeOf({ record: { deaths } }: Pick<LabRun, "record">): string {
  const [victim, other] = [deaths.victims[0], deaths.byKernel[0]];
  const first = victim ?? other;
  if (first === undefined) return "ended nobody";
  const count = deaths.victims.length + deaths.byKernel.length;
  const others = count === 1 ? "" : `, and ${count - 1} more`;
  const who = victim === undefined ? "the kernel ended" : "ended";
  return `${who} ${first.comm} at ${millisecondsToSeconds(first.at).toFixed(1)} s${others}`;
}
