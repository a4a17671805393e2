import fc from "fast-check";
import {
  add,
  gib,
  type KiB,
  kib,
  type Milliseconds,
  mib,
  milliseconds,
  type OomScoreAdj,
  oomScoreAdj,
  scale,
  seconds,
} from "#domain/units.ts";
import type { MemoryPhase, ProcessScript, TermScript } from "#simulated/process-script.ts";
import type { Scenario, SwapScript } from "#simulated/scenario.ts";

/** What a process of a random scenario is like; sizes are shares of what the machine has. */
interface Sketch {
  readonly share: number;
  readonly memory: readonly MemoryPhase[];
  readonly adj: OomScoreAdj;
  readonly term: TermScript;
  readonly exitAfter: Milliseconds;
  readonly exitPerGiB: Milliseconds;
  readonly startsAt: Milliseconds;
  readonly lasts: Milliseconds | undefined;
  readonly stopsAfter: Milliseconds | undefined;
  /** How much of its memory is files it works on. */
  readonly fileShare: number;
  readonly touches: KiB;
  /** How much of its memory is program text. */
  readonly textShare: number;
  readonly isInteractive: boolean;
  /** How fast it writes into tmpfs. */
  readonly tmpfs: KiB;
  /** The second process may share the memory of the first. */
  readonly shares: boolean;
}

/** What is there at first has to leave more free than the kernel wants: of 512 MiB it keeps a fifth for itself and its watermarks. */
const atFirst = { tmpfs: 0.05, cache: 0.2, processes: 0.55 };

/** In thousandths, so that sums and shrunken examples stay readable. */
const upTo = (part: number) => fc.integer({ min: 0, max: part * 1000 }).map((thousandths) => thousandths / 1000);
const sizes = (from: KiB, to: KiB) => fc.integer({ min: from, max: to }).map(kib);
const times = (longest: Milliseconds) => fc.integer({ min: 0, max: longest }).map(milliseconds);
const seldom = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 3 });

/** How long a random scenario lasts. */
const duration = seconds(20);

/** From a leak nobody notices to faster than memory can be reclaimed. */
const rates = fc.oneof(sizes(mib(1), mib(50)), sizes(mib(50), mib(1000)), sizes(mib(1000), gib(8)));

const phases: fc.Arbitrary<MemoryPhase> = fc.oneof(
  times(seconds(5)).map((span): MemoryPhase => ({ kind: "steady", for: span })),
  fc.record({ kind: fc.constant("ramp" as const), by: sizes(mib(1), gib(16)), perSecond: rates }),
  fc.record({ kind: fc.constant("leak" as const), perSecond: rates }),
  fc.record({
    kind: fc.constant("spike" as const),
    by: sizes(mib(1), gib(8)),
    perSecond: rates,
    hold: times(seconds(5)),
  }),
);

const adjs: fc.Arbitrary<OomScoreAdj> = fc
  .oneof(fc.constant(0), fc.constantFrom(-1000, -999, 1000), fc.integer({ min: -1000, max: 1000 }))
  .map(oomScoreAdj);

const sketches: fc.Arbitrary<Sketch> = fc.record({
  share: upTo(1),
  memory: fc.array(phases, { maxLength: 3 }),
  adj: adjs,
  term: fc.oneof(
    times(seconds(2)).map((after): TermScript => ({ kind: "exits", after })),
    fc.constant<TermScript>({ kind: "ignores" }),
  ),
  // The longest sleeps in the kernel, or gets no CPU: SIGKILL alone does not bring its memory back in time.
  exitAfter: fc.oneof(times(milliseconds(20)), times(seconds(10))),
  exitPerGiB: fc.oneof(
    fc.constant(milliseconds(70)),
    times(seconds(5)).map((span) => milliseconds(span + 1)),
  ),
  startsAt: fc.oneof(fc.constant(milliseconds(0)), times(seconds(10))),
  lasts: seldom(times(duration)),
  stopsAfter: seldom(times(duration)),
  fileShare: fc.oneof(fc.constant(0), upTo(1)),
  textShare: fc.oneof(fc.constant(0), upTo(0.5)),
  isInteractive: fc.boolean(),
  tmpfs: fc.oneof({ arbitrary: fc.constant(kib(0)), weight: 5 }, { arbitrary: sizes(mib(1), mib(500)), weight: 1 }),
  touches: fc.oneof(fc.constant(kib(0)), sizes(mib(1), gib(2))),
  shares: fc.boolean(),
});

/** Swap in all its forms; sizes are shares of RAM. */
const swapSketches = fc.array(
  fc.record({
    share: upTo(1),
    kind: fc.constantFrom("disk", "zram"),
    /** Undefined: on the disk of the files. */
    perSecond: seldom(sizes(mib(5), gib(2))),
    ratio: fc.double({ min: 1, max: 5, noNaN: true }),
    swaponAt: seldom(times(duration)),
    swapoffAt: seldom(times(duration)),
  }),
  { maxLength: 3 },
);

type SwapSketch = typeof swapSketches extends fc.Arbitrary<readonly (infer S)[]> ? S : never;

function writeSwap(ram: KiB, { share, kind, perSecond, ratio, swaponAt, swapoffAt }: SwapSketch): SwapScript {
  const common = {
    size: kib(ram * share),
    ...(perSecond !== undefined && { perSecond }),
    ...(swaponAt !== undefined && { swaponAt }),
    ...(swapoffAt !== undefined && { swapoffAt }),
  };
  return kind === "zram" ? { kind, ratio, ...common } : { kind: "disk", ...common };
}

/** A machine may sleep once, for minutes or for a night. */
const sleeps = seldom(fc.record({ at: times(duration), for: times(seconds(28_800)), dropsCaches: fc.boolean() }));

/**
 * Machines of all sizes in all kinds of trouble: 0.5–64 GiB, with and without swap on disks, zram and zswap, with tmpfs and slow
 * disks to thrash on, some of which sleep; 1–30 processes that leak, spike, ignore
 * SIGTERM, are stopped, share memory, hide behind −1000 or offer themselves with 1000.
 */
export const scenarios = (): fc.Arbitrary<Scenario> =>
  fc
    .record({
      seed: fc.nat(),
      ram: fc.oneof(sizes(mib(512), gib(4)), sizes(gib(4), gib(64))),
      drawnSwaps: swapSketches,
      hasZswap: fc.boolean(),
      sleep: sleeps,
      isColdStart: fc.boolean(),
      tmpfsShare: fc.oneof(fc.constant(0), upTo(atFirst.tmpfs)),
      diskLatency: fc.constantFrom(0.1, 1, 8).map(milliseconds),
      diskPerSecond: sizes(mib(5), gib(2)),
      cacheShare: upTo(atFirst.cache),
      filled: upTo(atFirst.processes),
      killerAdj: fc.constantFrom(-1000, 0).map(oomScoreAdj),
      lacks: fc.subarray(["pressure", "pressure-triggers", "process-mrelease", "mem-available"] as const),
      sketches: fc.array(sketches, { minLength: 1, maxLength: 30 }),
    })
    .map(
      ({
        drawnSwaps,
        hasZswap,
        sleep,
        tmpfsShare,
        cacheShare,
        filled,
        killerAdj,
        sketches: drawn,
        ...machine
      }): Scenario => ({
        ...machine,
        duration,
        suspends: sleep === undefined ? [] : [sleep],
        tmpfs: kib(machine.ram * tmpfsShare),
        zswap: hasZswap ? { ratio: 3, maxPool: kib(machine.ram / 5) } : undefined,
        swaps: drawnSwaps.map((swap) => writeSwap(machine.ram, swap)),
        fileCache: kib(machine.ram * cacheShare),
        killer: { oomScoreAdj: killerAdj },
        processes: drawn.map((sketch, index) =>
          writeScript(sketch, { index, first: firstMemory(machine.ram, filled, drawn) }),
        ),
      }),
    );

/** How much of what is there at first the processes hold together, and what is one part of it. */
function firstMemory(ram: KiB, filled: number, drawn: readonly Sketch[]): KiB {
  const parts = drawn.reduce((all, { share }) => all + share, 0);
  return kib(parts === 0 ? 0 : (ram * filled) / parts);
}

function writeScript(sketch: Sketch, { index, first }: { readonly index: number; readonly first: KiB }): ProcessScript {
  const { startsAt, lasts, stopsAfter, fileShare, textShare, isInteractive, tmpfs } = sketch;
  const own = scale(first, sketch.share);
  const sharesWith = sketch.shares && index === 1 ? { sharesMemoryWith: "p0", parent: "p0" } : {};
  return {
    name: `p${index}`,
    oomScoreAdj: sketch.adj,
    startsAt,
    anon: kib(own * (1 - fileShare) * (1 - textShare)),
    text: kib(own * (1 - fileShare) * textShare),
    isInteractive,
    ...(tmpfs > 0 && { writes: { to: "tmpfs", perSecond: tmpfs } as const }),
    memory: sketch.memory,
    touchesPerSecond: sketch.touches,
    onSigterm: sketch.term,
    onExit: { after: sketch.exitAfter, perGiB: sketch.exitPerGiB },
    ...(fileShare > 0 && { files: { size: kib(own * fileShare), perSecond: mib(50) } }),
    ...(lasts !== undefined && { endsAt: add(startsAt, lasts) }),
    ...(stopsAfter !== undefined && { stopsAt: add(startsAt, stopsAfter) }),
    ...sharesWith,
  };
}
