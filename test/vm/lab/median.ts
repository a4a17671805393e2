import { type Milliseconds, milliseconds } from "#domain/units.ts";
import { describeSpan } from "#journal/amounts.ts";
import { median } from "#test/support/bench/median.ts";
import type { Recovery } from "./recovery.ts";
import type { LabRun } from "./runs.ts";

/** How somebody before the machine was kept waiting: at the longest, and all waits together. */
export type Waiting = "longestStall" | "stalled";

/** The median of runs; undefined of none. */
export const middleWaiting = (runs: readonly LabRun[] = [], kind: Waiting): Milliseconds | undefined =>
  runs.length === 0 ? undefined : milliseconds(median(runs.map(({ figures }) => figures[kind])));

/** The run with the median of the longest stalls; of equal ones the one whose waits are so long together. */
export function middleRun(runs: readonly LabRun[]): LabRun | undefined {
  const sorted = runs.toSorted(
    ({ figures: a }, { figures: b }) => a.longestStall - b.longestStall || a.stalled - b.stalled,
  );
  return sorted[Math.ceil(sorted.length / 2) - 1];
}

/** The median of how long machines took to recover; one that had not recovered took longer than all others. */
export function middleRecovery(recoveries: readonly Recovery[]): Recovery | undefined {
  const sorted = recoveries.toSorted((a, b) => Number(b.isOver) - Number(a.isOver) || a.took - b.took);
  return sorted[Math.floor(sorted.length / 2)];
}

/** `2.3 s`, `61 ms`, `none`. */
export const showSpan = (span: Milliseconds): string =>
  span < 0.5 ? "none" : describeSpan(milliseconds(Math.round(span)));

/** `2.3 s`, `none`; `> 75 s`: it was not over then. */
export const showRecovery = ({ took, isOver }: Recovery): string => (isOver ? showSpan(took) : `> ${showSpan(took)}`);
