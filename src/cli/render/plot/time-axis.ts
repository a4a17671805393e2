/** A label below a plot. */
export interface Tick {
  readonly column: number;
  readonly label: string;
}

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

/** Steps that people count in. */
const steps = [
  ...[0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30].map((each) => each * second),
  ...[1, 2, 5, 10, 20, 30].map((each) => each * minute),
  ...[1, 2, 3, 6, 12, 24].map((each) => each * hour),
];

const mostTicks = 7;

/** Labels at round times, from the beginning on; the unit is that of the step. */
export function timeTicks(lasted: number, width: number): readonly Tick[] {
  const step = steps.find((each) => lasted / each <= mostTicks) ?? lasted / mostTicks;
  const count = lasted > 0 ? Math.floor(lasted / step) : 0;
  return Array.from({ length: count + 1 }, (_, at) => ({
    column: lasted > 0 ? Math.min(width - 1, Math.floor((at * step * width) / lasted)) : 0,
    label: labelOf(at * step, step),
  }));
}

function labelOf(time: number, step: number): string {
  const [unit, worth] = step >= hour ? ["h", hour] : step >= minute ? ["min", minute] : ["s", second];
  return `${Number((time / worth).toFixed(1))} ${unit}`;
}

/** The labels in one line, each below its place; one that does not fit is left out. */
export function renderTicks(ticks: readonly Tick[], width: number): string {
  let line = "";
  for (const { column, label } of ticks) {
    const isFree = column === 0 || column > line.length;
    if (isFree && column + label.length <= width) line = line.padEnd(column) + label;
  }
  return line;
}
