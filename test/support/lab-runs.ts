import { kib, milliseconds } from "#domain/units.ts";
import type { Figures } from "#test/vm/lab/figures.ts";
import type { LabRun, LabStory } from "#test/vm/lab/runs.ts";
import { readRecord } from "#test/vm/record.ts";
import { understandStory } from "#test/vm/story.ts";

/** A run of the lab with these figures, and others that are as good as any. */
export const aLabRun = (figures: Partial<Figures> = {}): LabRun => ({
  release: "6.12",
  record: readRecord("0.0\tzero\n1000.0\tmemory\t2048\t1024\n2000.0\tended\thog\t7\t15\n9000.0\tend\n", ""),
  figures: {
    isRight: true,
    victims: ["hog"],
    byKernel: [],
    collateral: 0,
    longestStall: milliseconds(100),
    stalled: milliseconds(100),
    recovery: { took: milliseconds(100), isOver: true },
    guard: { resident: kib(2048), majorFaults: 0, cpu: milliseconds(20) },
    ...figures,
  },
});

/** Runs with these longest stalls. */
export const runsWithStalls = (...stalls: readonly number[]): readonly LabRun[] =>
  stalls.map((stall) => aLabRun({ longestStall: milliseconds(stall) }));

/** A story of the lab with these runs, by their guards. */
export const aLabStory = (name: string, runs: Readonly<Record<string, readonly LabRun[]>>): LabStory => ({
  story: understandStory(
    name,
    `title = "What ${name} is"\nduration = "9s"\nram = "1GiB"\nexpect = { victim = "hog", within = "9s" }\n[[process]]\nname = "hog"\n`,
  ),
  runs: new Map(Object.entries(runs)),
});
