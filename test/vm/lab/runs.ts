import { type Cell, keptRuns, readRun, releaseIn } from "#test/vm/keep.ts";
import { judgeGuest } from "#test/vm/play.ts";
import type { GuestRecord } from "#test/vm/record.ts";
import type { VmStory } from "#test/vm/story.ts";
import { type Figures, figuresOf } from "./figures.ts";

/** One run that is kept. */
export interface LabRun {
  readonly figures: Figures;
  readonly record: GuestRecord;
  /** Of its kernel; undefined: it is not told. */
  readonly release: string | undefined;
}

/** A story with its runs. */
export interface LabStory {
  readonly story: VmStory;
  /** Those under each guard that has any, in the order guards are asked for. */
  readonly runs: ReadonlyMap<string, readonly LabRun[]>;
}

/** Reads what a folder keeps of these stories under these guards; stories without a run are left out. */
export function readLab(folder: string, stories: readonly VmStory[], guards: readonly string[]): readonly LabStory[] {
  const read = (story: VmStory, guard: string): readonly LabRun[] =>
    keptRuns(folder, { story: story.name, guard }).map((path) => {
      const output = readRun(path);
      const outcome = judgeGuest(story, output);
      return { figures: figuresOf(story, outcome), record: outcome.record, release: releaseIn(output.kernelLog) };
    });
  return stories.flatMap((story) => {
    const runs = guards.map((guard) => [guard, read(story, guard)] as const).filter(([, found]) => found.length > 0);
    return runs.length === 0 ? [] : [{ story, runs: new Map(runs) }];
  });
}

/** The kernels that they were played on, each once. */
export const releasesOf = (stories: readonly LabStory[]): readonly string[] => {
  const runs = stories.flatMap((story) => [...story.runs.values()].flat());
  return [...new Set(runs.flatMap(({ release }) => release ?? []))];
};

/** What is still to be played for each cell to have so many runs: all cells once, then all a second time, and so on. */
export function remaining<C extends Cell>(cells: readonly C[], count: (cell: C) => number, runs: number): readonly C[] {
  const counts = cells.map((cell) => ({ cell, done: count(cell) }));
  return Array.from({ length: runs }, (_, round) => counts.filter(({ done }) => done <= round)).flatMap((left) =>
    left.map(({ cell }) => cell),
  );
}
