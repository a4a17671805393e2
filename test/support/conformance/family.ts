import { type KiB, kib, mib } from "#domain/units.ts";
import type { ActorWish } from "./stage.ts";

/** What a memcg may hold in a round. */
export const roundLimit: KiB = mib(64);
/** What an actor is charged besides its wish: what it writes of its interpreter, and the kernel's memory for it. */
const costOfActor = kib(512);
/** The grower stops at the limit; this is only so that it gets there. */
const growth = mib(128);

/** A whole number of at least `from` and below `to`. */
export type Draw = (from: number, to: number) => number;

/** The same numbers for the same seed. @see Marsaglia, Xorshift RNGs */
export function drawFrom(seed: number): Draw {
  let state = (seed ^ 0x9e3779b9) >>> 0 || 1;
  const step = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
  for (let warmUp = 0; warmUp < 16; warmUp++) step();
  return (from, to) => from + Math.floor(step() * (to - from));
}

/** How far apart the adj of a family are, one step being 64 KiB: 0 lets sizes decide, 1000 lets adj decide, 60 lets both. */
const spreads = [0, 60, 250, 1000];

/** Processes that fit below the limit together, in the order they are to start. */
export interface Family {
  readonly members: readonly ActorWish[];
  /** The last to start does not fit beside them. */
  readonly grower: ActorWish;
}

/**
 * One small process and some rivals, which get about as much each as is left for the grower: whoever judged without adj, or
 * without one kind of memory, would often name another.
 */
export function drawFamily(draw: Draw): Family {
  const spread = spreads[draw(0, spreads.length)] ?? 0;
  const adj = (): number => draw(0, spread + 1);
  const rivals = draw(2, 5);
  const small = { ...drawShape(draw, kib(draw(256, 6 * 1024))), name: "small", oomScoreAdj: adj() };
  const left = roundLimit - small.size - costOfActor * 2 * (rivals + 2);
  const part = Math.floor(left / (rivals + 1));
  const members = Array.from({ length: rivals }, (_, index) => ({
    ...drawShape(draw, kib((part * draw(80, 120)) / 100)),
    name: `rival-${index}`,
    oomScoreAdj: adj(),
  }));
  return {
    members: members.toSpliced(draw(0, rivals + 1), 0, small).map(({ size: _, ...wish }) => wish),
    grower: { name: "grower", oomScoreAdj: adj(), growthKiB: growth },
  };
}

/** Kinds of memory, threads, twins that were forked with all of it, a process that shares it. */
function drawShape(draw: Draw, size: KiB) {
  const sharesMemory = draw(0, 5) === 0;
  return {
    size,
    ...(draw(0, 5) === 0 ? { shmemKiB: size } : { anonKiB: size }),
    threads: draw(0, 3) === 0 ? draw(2, 9) : 1,
    // A shared mm cannot be doubled, and twins of a process with threads would have none.
    twins: sharesMemory || draw(0, 3) > 0 ? 0 : draw(1, 3),
    sharesMemory,
  };
}
