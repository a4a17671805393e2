import { atLeast, greatest, type KiB, kib, least, scale } from "#domain/units.ts";
import { describeSize } from "#journal/amounts.ts";
import type { PlotView } from "./plot-view.ts";

/** Which part of a scale a row shows. */
export interface ScaleRow {
  readonly label: string;
  /** The watermark that runs through it. */
  readonly mark: "high" | "low" | "min" | undefined;
}

/** Where amounts lie in a plot. */
export interface HeadroomScale {
  readonly rows: readonly ScaleRow[];
  /** From the top, with the fraction of a row. */
  rowOf(headroom: KiB): number;
}

const nothing = kib(0);
const rowCount = 11;
const [highRow, lowRow, minRow] = [5, 7, 9];
/** A watermark runs through the middle of its row. */
const middle = 0.5;

/**
 * Watermarks are a few percent of a machine: on an even scale all three would lie in the lowest row. Above `high` each row is
 * a share of the one before; below it the rows are even, and each watermark has its own.
 */
export function headroomScale({ min_kib: min, low_kib: low, high_kib: high, headroom_kib }: PlotView): HeadroomScale {
  const top = headroom_kib.reduce((most, { value }) => greatest(most, value), scale(high, 2));
  const steps: readonly Step[] = [
    { from: high, row: highRow + middle },
    { from: low, row: lowRow + middle },
    { from: min, row: minRow + middle },
    { from: nothing, row: rowCount },
  ];
  const growth = Math.log(top / high) / (highRow + middle);
  /** What lies in the middle of a row above `high`. */
  const amountAt = (row: number): KiB => (row === 0 ? top : scale(high, Math.exp((highRow - row) * growth)));
  const marked: readonly ScaleRow[] = [
    { label: `high ${describeSize(high)}`, mark: "high" },
    { label: "", mark: undefined },
    { label: `low ${describeSize(low)}`, mark: "low" },
    { label: "", mark: undefined },
    { label: `min ${describeSize(min)}`, mark: "min" },
    { label: "0", mark: undefined },
  ];
  const free = Array.from({ length: highRow }, (_, row): ScaleRow => {
    return { label: row % 2 === 0 ? describeSize(amountAt(row)) : "", mark: undefined };
  });
  return {
    rows: [...free, ...marked],
    rowOf: (headroom) =>
      atLeast(headroom, high) ? Math.log(top / least(headroom, top)) / growth : rowAmong(steps, headroom),
  };
}

/** An amount, and the row it lies at. */
interface Step {
  readonly from: KiB;
  readonly row: number;
}

/** On a straight line between the two steps around it. */
function rowAmong(steps: readonly Step[], amount: KiB): number {
  const at = steps.findIndex(({ from }) => atLeast(amount, from));
  const [above, below] = [steps[at - 1], steps[at]];
  if (above === undefined || below === undefined) return rowCount;
  return below.row - ((amount - below.from) / (above.from - below.from)) * (below.row - above.row);
}
