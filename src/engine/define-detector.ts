import type { Reason, Watermark } from "#domain/alarm.ts";
import type { WatchedMemcg } from "#domain/memcg.ts";
import type { Meminfo } from "#domain/meminfo.ts";
import type { FactName, Facts } from "#domain/snapshot.ts";
import type { Bytes, KiB, Milliseconds } from "#domain/units.ts";
import type { Counts, Readings } from "./counter-window.ts";
import type { Options, OptionValues } from "./option.ts";
import type { Trend } from "./trend.ts";
import type { Watermarks } from "./watermarks.ts";

/** The facts of a look that could be had. */
export type KnownFacts = { readonly [F in FactName]?: Facts[F] } & {
  /** The scope itself, when it is not the whole machine. */
  readonly memcg?: WatchedMemcg;
};

/** What a detector may go by. */
export interface Situation<C extends string = string> {
  readonly facts: KnownFacts;
  readonly meminfo: Meminfo;
  /** What could be had if everything reclaimable were reclaimed, with what the last victim still owes. */
  readonly headroom: KiB;
  /** What can be had without swapping, with what the last victim still owes. */
  readonly available: KiB;
  readonly watermarks: Watermarks;
  /** Undefined at the first look, after a kill and after a gap. */
  readonly trend: Trend | undefined;
  readonly pageSize: Bytes;
  /** How the detector's counters grew over its window. Undefined when one of their facts is missing. */
  readonly growth: Counts<C> | undefined;
}

/** What a detector makes of a look. */
export interface Sighting {
  /** All its numbers, whether they prove anything or not. */
  readonly reason: Reason;
  /** The deepest watermark that is proven to be breached, or what is as bad as that. Undefined: nothing is proven. */
  readonly breached: Watermark | undefined;
  /** It may prove something soon: looks come closer together. */
  readonly isNear: boolean;
  /** As long as headroom stays above this and nobody stalls, it goes on proving nothing. Absent: it goes by something else. */
  readonly quietAbove?: KiB;
}

/** Counters that are watched over a window. */
export interface Watch<C extends string = string> {
  readonly window: Milliseconds;
  readonly counts: Readings<C>;
}

/**
 * One kind of evidence. It remembers nothing: windows are kept by the engine, which restarts them after every kill and
 * after every gap between looks.
 */
export interface Detector<O extends Options = Options, C extends string = string> {
  /** As written in the config; its options are the section of that name. */
  readonly name: string;
  readonly summary: string;
  readonly needs: readonly FactName[];
  /** What it goes by where it can be had: a memcg is told of without. */
  readonly wants?: readonly FactName[];
  /** The deepest watermark it can prove to be breached: one that proves `low` at most can never kill at once. */
  readonly deepest: Watermark;
  /** An option `enabled` that is off leaves the detector out. */
  readonly options: O;
  /** The counters whose growth it goes by. Undefined: a fact is missing. Methods, so that all detectors fit one list. */
  watch?(facts: KnownFacts, options: OptionValues<O>): Watch<C> | undefined;
  /** Pure. Undefined: a fact is missing, or says nothing on this machine. */
  detect(situation: Situation<C>, options: OptionValues<O>): Sighting | undefined;
}

/** Declares a detector; its options and counters are typed by their declaration. */
export const defineDetector = <const O extends Options, const C extends string = never>(
  detector: Detector<O, C>,
): Detector<O, C> => detector;

/** A detector with its options filled in: what the engine runs on. */
export interface BoundDetector {
  readonly name: string;
  /** What it needs, and what it wants. */
  readonly needs: readonly FactName[];
  readonly watch: (facts: KnownFacts) => Watch | undefined;
  readonly detect: (situation: Situation) => Sighting | undefined;
}

/** Fixes the values of a detector's options. */
export const bindDetector = <O extends Options, C extends string>(
  detector: Detector<O, C>,
  values: OptionValues<O>,
): BoundDetector => ({
  name: detector.name,
  needs: [...detector.needs, ...(detector.wants ?? [])],
  watch: (facts) => detector.watch?.(facts, values),
  detect: (situation) => detector.detect(situation, values),
});
