import {
  add,
  atLeast,
  below,
  greatest,
  type KiB,
  type Milliseconds,
  milliseconds,
  percent,
  percentOf,
  seconds,
  subtract,
} from "#domain/units.ts";
import type { MemorySample } from "#test/vm/memory-sample.ts";
import type { GuestRecord } from "#test/vm/record.ts";

/** How long a machine was in trouble. */
export interface Recovery {
  /** 0: it never was. */
  readonly took: Milliseconds;
  /** False: it was still in trouble when the story ended, and took longer than that. */
  readonly isOver: boolean;
}

/** Less than this of RAM, of what is available and of swap that is free together, is short. */
const short = percent(10);

/** Nobody waited and memory was not short for so long: what went before is over. */
const calm = seconds(1);

/**
 * How long a machine took to recover: the longest of its troubles, each from its beginning to its end.
 * - It is in trouble while somebody who sits before it waits (from when a wake was due until it was done), and while available
 *   memory and free swap together are less than a tenth of RAM.
 * - What is less than a second apart is one trouble: it has recovered when for a second there was neither.
 */
export function recoveryOf({ stalls, memory, lasted }: GuestRecord, ram: KiB): Recovery {
  const waits = stalls.map(({ at, took }) => ({ from: at, to: add(at, took) }));
  const troubles = join([...waits, ...shortages(memory, lasted, percentOf(short, ram))]);
  const last = troubles.at(-1);
  if (last !== undefined && below(subtract(lasted, last.to), calm))
    return { took: subtract(lasted, last.from), isOver: false };
  const lengths = troubles.map(({ from, to }) => subtract(to, from));
  return { took: lengths.reduce((longest, length) => greatest(longest, length), milliseconds(0)), isOver: true };
}

interface Span {
  readonly from: Milliseconds;
  readonly to: Milliseconds;
}

/** From the sample that is short to the next that is not. */
function shortages(samples: readonly MemorySample[], end: Milliseconds, least: KiB): readonly Span[] {
  return samples.flatMap(({ at, available, swapFree }, index) =>
    below(add(available, swapFree), least) ? [{ from: at, to: samples[index + 1]?.at ?? end }] : [],
  );
}

/** Those that follow each other closely as one. */
function join(spans: readonly Span[]): readonly Span[] {
  const joined: Span[] = [];
  for (const span of spans.toSorted((a, b) => a.from - b.from)) {
    const last = joined.at(-1);
    if (last === undefined || atLeast(span.from, add(last.to, calm))) joined.push(span);
    else joined[joined.length - 1] = { from: last.from, to: greatest(last.to, span.to) };
  }
  return joined;
}
