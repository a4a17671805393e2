import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { calibrationFolder } from "#test/support/calibration/read-story.ts";
import { type ComparedFigure, tolerableFactor } from "./compare-guests.ts";

/** How far off each figure of a story may be, by its name. One that is not named has to be right. */
export type Bounds = Readonly<Record<string, number | "never">>;

/** Those of all stories, by kernel and name. */
export type AllBounds = Readonly<Record<string, Bounds>>;

const path = join(calibrationFolder, "guests", "bounds.json");

/** Reads them. */
export const readBounds = (): AllBounds => JSON.parse(readFileSync(path, "utf8"));

/** Writes them, for review in the diff. */
export const writeBounds = (bounds: AllBounds): void =>
  writeFileSync(path, `${JSON.stringify(bounds, undefined, 2)}\n`);

/** A figure that is farther off than it may be. */
export const exceeds = ({ name, factor }: ComparedFigure, bounds: Bounds = {}): boolean =>
  factor > asFactor(bounds[name] ?? tolerableFactor);

const asFactor = (bound: number | "never"): number => (bound === "never" ? Number.POSITIVE_INFINITY : bound);

/** Bounds that hold what has been reached: none is wider than it was, and a story that had none is taken as it is. */
export function tightened(compared: readonly ComparedFigure[], bounds: Bounds | undefined): Bounds {
  const entries = compared.flatMap(({ name, factor }): readonly [string, number | "never"][] => {
    const before = bounds === undefined ? Number.POSITIVE_INFINITY : asFactor(bounds[name] ?? tolerableFactor);
    const reached = Math.min(before, Math.ceil(factor * 100) / 100);
    if (reached <= tolerableFactor) return [];
    return [[name, reached === Number.POSITIVE_INFINITY ? "never" : reached]];
  });
  return Object.fromEntries(entries);
}
