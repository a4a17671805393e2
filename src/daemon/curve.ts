import type { Snapshot } from "#domain/snapshot.ts";
import { knownValue } from "#domain/snapshot.ts";
import type { KiB, Microseconds, Milliseconds } from "#domain/units.ts";
import type { Machine } from "#machine/machine.ts";
import type { Turn } from "./loop.ts";

/** What one look saw, for a plot. */
export interface CurvePoint {
  readonly at: Milliseconds;
  readonly headroom: KiB;
  /** Time in which all tasks stalled, since boot. Undefined: the look did not read it. */
  readonly stalled: Microseconds | undefined;
}

/** Collects what a loop sees. */
export interface Curve {
  /** What the loop is to look at. */
  readonly machine: Machine;
  readonly points: readonly CurvePoint[];
  /** How many looks there were, those that saw nothing included. */
  looks(): number;
  /** To be called after every turn. */
  note(turn: Turn): void;
}

/** A curve without a point. Headroom is the engine's own; stall is what the machine says at the same look. */
export function drawCurve(machine: Machine): Curve {
  const points: CurvePoint[] = [];
  let seen: Snapshot | undefined;
  let looks = 0;
  return {
    machine: {
      ...machine,
      sense(look) {
        seen = machine.sense(look);
        return seen;
      },
    },
    points,
    looks: () => looks,
    note({ engine }) {
      looks += 1;
      const { trend } = engine;
      if (trend === undefined || seen === undefined) return;
      const stalled = knownValue(seen.pressure)?.full.total;
      points.push({ at: seen.takenAt, headroom: trend.headroom, stalled });
    },
  };
}
