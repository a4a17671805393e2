import { add, type KiB, kibToMiB, type Milliseconds, mib, milliseconds, subtract } from "#domain/units.ts";
import type { MemorySample } from "#test/vm/memory-sample.ts";
import type { GuestRun } from "./guest-run.ts";

/** What a figure is in, and below which difference nobody could tell two machines apart. */
export type FigureUnit = "ms" | "%" | "MiB";

/** One thing about a run that two machines can be compared in. */
export interface Figure {
  readonly name: string;
  readonly unit: FigureUnit;
  /** Undefined: it never came to that. */
  readonly of: (run: GuestRun) => number | undefined;
}

/** Near the high, low and min watermarks that tidemark has on such a machine, and next to nothing. */
const availableLevels = [mib(240), mib(160), mib(80), mib(20)];
/** Shares of the swap there is. */
const swapShares = [3 / 4, 1 / 2, 1 / 4, 1 / 20];
/** Stalls that add up to so much are felt. */
const stalledLevels = [milliseconds(1000), milliseconds(5000)];

const availableFell = (level: KiB): Figure => ({
  name: `available < ${kibToMiB(level)} MiB`,
  unit: "ms",
  of: (run) => whenFell(run, ({ available }) => available, level),
});

const swapFell = (share: number): Figure => ({
  name: `free swap < ${share * 100} %`,
  unit: "ms",
  of: (run) => {
    const all = run.samples[0]?.swapFree;
    return all === undefined || all === 0 ? undefined : whenFell(run, ({ swapFree }) => swapFree, all * share);
  },
});

const stalledFor = (line: "some" | "full", level: Milliseconds): Figure => ({
  name: `${line} stalls add up to ${level / 1000} s`,
  unit: "ms",
  of: (run) => whenFell(run, (sample) => -sample[line], -level * 1000),
});

const stalledShare = (line: "some" | "full"): Figure => ({
  name: `${line} stalls, of the time it was short`,
  unit: "%",
  of: (run) => shareOf(run, (stalledIn(run, line) ?? 0) / 1000),
});

const refaulted = (kind: "fileRefaults" | "anonRefaults", name: string): Figure => ({
  name: `refaults of ${name}, a second while it was short`,
  unit: "MiB",
  of: (run) => {
    const { first, last } = shortPart(run);
    if (first === undefined || last === undefined || last.at <= first.at) return undefined;
    return kibToMiB(subtract(last[kind], first[kind])) / ((last.at - first.at) / 1000);
  },
});

/** All figures, in the order in which they are told. */
export const figures: readonly Figure[] = [
  ...availableLevels.map(availableFell),
  ...swapShares.map(swapFell),
  { name: "the kernel kills", unit: "ms", of: ({ kills }) => kills[0]?.at },
  ...(["some", "full"] as const).flatMap((line) => [
    ...stalledLevels.map((level) => stalledFor(line, level)),
    stalledShare(line),
  ]),
  refaulted("fileRefaults", "files"),
  refaulted("anonRefaults", "anonymous memory"),
  { name: "longest wait at the machine", unit: "ms", of: (run) => Math.max(0, ...waitsIn(run)) },
  { name: "waits, of the time it was short", unit: "%", of: (run) => shareOf(run, sumOf(waitsIn(run))) },
];

/** When it fell below a level for the first time: between two samples, on the line between them. */
function whenFell(
  { samples }: GuestRun,
  of: (sample: MemorySample) => number,
  level: number,
): Milliseconds | undefined {
  const index = samples.findIndex((sample) => of(sample) < level);
  const [before, after] = [samples[index - 1], samples[index]];
  if (after === undefined) return undefined;
  if (before === undefined) return after.at;
  const part = (of(before) - level) / (of(before) - of(after));
  return milliseconds(before.at + (after.at - before.at) * part);
}

/** What is compared ends when the kernel kills: what comes after it depends on who died. */
const endOf = ({ kills, lasted }: GuestRun): Milliseconds => kills[0]?.at ?? lasted;

/** The samples in which memory is short: from the first level on, to the end of what is compared. */
function shortPart(run: GuestRun): {
  readonly first: MemorySample | undefined;
  readonly last: MemorySample | undefined;
} {
  const end = endOf(run);
  const [level] = availableLevels;
  const part = run.samples.filter(({ at }) => at <= end);
  const first = part.find(({ available }) => level !== undefined && available < level);
  return { first, last: part.at(-1) };
}

function stalledIn(run: GuestRun, line: "some" | "full"): number | undefined {
  const { first, last } = shortPart(run);
  return first === undefined || last === undefined ? undefined : last[line] - first[line];
}

function shareOf(run: GuestRun, time: number): number | undefined {
  const { first } = shortPart(run);
  if (first === undefined) return undefined;
  const lasted = endOf(run) - first.at;
  return lasted <= 0 ? undefined : Math.min(100, (time / lasted) * 100);
}

/** Waits that began before the end of what is compared, as far as they lie before it. */
const waitsIn = (run: GuestRun): readonly number[] => {
  const end = endOf(run);
  return run.waits.filter(({ at }) => at < end).map(({ at, took }) => Math.min(add(at, took), end) - at);
};

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
