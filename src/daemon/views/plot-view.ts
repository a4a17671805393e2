import type { CurvePoint } from "#daemon/curve.ts";
import {
  type KiB,
  type Milliseconds,
  microsecondsToMilliseconds,
  milliseconds,
  type Percent,
  scale,
  share,
  subtract,
} from "#domain/units.ts";
import type { Plan } from "#engine/plan.ts";
import type { Entry } from "#journal/entry.ts";
import { rangeBetween, type Sample, valueAt } from "./series.ts";

/** What is done to processes, as a letter in a plot. */
export type PlottedAct = "term" | "kill" | "would-term" | "would-kill" | "kernel-kill" | "then-only";

/** Headroom, watermarks, stall and kills over time; times are milliseconds since the beginning. */
export interface PlotView {
  readonly lasted_ms: Milliseconds;
  readonly min_kib: KiB;
  readonly low_kib: KiB;
  readonly high_kib: KiB;
  readonly headroom_kib: readonly Sample<KiB>[];
  /** All the time until then in which every task stalled; empty where nobody read it. */
  readonly stalled_ms: readonly Sample<Milliseconds>[];
  readonly acts: readonly { readonly at_ms: Milliseconds; readonly act: PlottedAct }[];
}

/** What one column of a plot shows. */
export interface PlotColumn {
  /** The least and the most; undefined when no look told of it. */
  readonly headroom: readonly [least: KiB, most: KiB] | undefined;
  /** The share of time in which every task stalled. */
  readonly stalled: Percent | undefined;
}

/** The view cut into so many equal parts of its time. */
export function plotColumns({ lasted_ms, headroom_kib, stalled_ms }: PlotView, count: number): readonly PlotColumn[] {
  const span = scale(lasted_ms, 1 / count);
  return Array.from({ length: count }, (_, index) => {
    const [from, to] = [scale(span, index), scale(span, index + 1)];
    const [before, after] = [valueAt(stalled_ms, from), valueAt(stalled_ms, to)];
    return {
      headroom: rangeBetween(headroom_kib, from, to),
      stalled: before === undefined || after === undefined ? undefined : share(subtract(after, before), span),
    };
  });
}

/** What a plot is made of. */
export interface Plotted {
  readonly curve: readonly CurvePoint[];
  /** When the curve's clock was 0 milliseconds after the beginning. */
  readonly startedAt: Milliseconds;
  readonly endedAt: Milliseconds;
  readonly marks: Plan["headroom"];
  /** `wallTime` is milliseconds since the beginning. */
  readonly entries: readonly Entry[];
  /** What others did: the kernel, or the tidemark of then. */
  readonly others?: PlotView["acts"];
}

/** Everything that a plot shows, in order. */
export function viewPlot({ curve, startedAt, endedAt, marks, entries, others = [] }: Plotted): PlotView {
  const since = (at: Milliseconds): Milliseconds => subtract(at, startedAt);
  return {
    lasted_ms: since(endedAt),
    min_kib: marks.min,
    low_kib: marks.low,
    high_kib: marks.high,
    headroom_kib: curve.map(({ at, headroom }) => ({ at: since(at), value: headroom })),
    stalled_ms: curve.flatMap(({ at, stalled }) =>
      stalled === undefined ? [] : [{ at: since(at), value: microsecondsToMilliseconds(stalled) }],
    ),
    acts: [...entries.flatMap(actOf), ...others].toSorted((a, b) => a.at_ms - b.at_ms),
  };
}

function actOf({ event, fields, wallTime }: Entry): PlotView["acts"] {
  const isKill = "signal" in fields && fields.signal === "SIGKILL";
  const at_ms = milliseconds(wallTime);
  switch (event) {
    case "victim.signalled":
    case "victim.escalated":
      return [{ at_ms, act: isKill ? "kill" : "term" }];
    case "kill.rehearsed":
      return [{ at_ms, act: isKill ? "would-kill" : "would-term" }];
    default:
      return [];
  }
}
