import { type Milliseconds, milliseconds } from "#domain/units.ts";
import { inRange, type Range, type Read, refused, splitNumber, type ValueType } from "./value-type.ts";

const millisecondsIn = { ms: 1, s: 1000, min: 60_000, h: 3_600_000 } as const;
type Unit = keyof typeof millisecondsIn;
const units: readonly Unit[] = ["ms", "s", "min", "h"];

/** A span of time with its unit: "250ms", "3s", "1min". */
export const duration = (range: Range<Milliseconds>): ValueType<Milliseconds> => ({
  wants: `a time from ${showDuration(range[0])} to ${showDuration(range[1])}`,
  read: (written) => readDuration(written, range),
  show: showDuration,
});

function readDuration(written: unknown, range: Range<Milliseconds>): Read<Milliseconds> {
  if (typeof written === "number") {
    return refused("a bare number says no unit", `write "${Math.abs(written)}s" or "${Math.abs(written)}ms"`);
  }
  const number = typeof written === "string" ? splitNumber(written) : undefined;
  if (number === undefined) return refused("it is not a time", 'write one number and one unit, such as "250ms"');
  const unit = units.find((each) => each === number.unit);
  if (unit === undefined)
    return refused(describeUnit(number.unit), `write "${number.amount}${nearestUnit(number.unit)}"`);
  if (number.amount < 0) return refused("it is negative", "write a time of zero or more");
  const amount = number.amount * millisecondsIn[unit];
  return inRange(milliseconds(Math.min(amount, Number.MAX_SAFE_INTEGER)), range, showDuration);
}

const describeUnit = (unit: string): string =>
  unit === "" ? "a number says no unit" : `"${unit}" is not one of the units ms, s, min and h`;

/** `sec`, `Seconds` → `s`; `m`, `minutes` → `min`; `msec` → `ms`. */
function nearestUnit(unit: string): Unit {
  const lower = unit.toLowerCase();
  if (lower.startsWith("ms") || lower.startsWith("mil")) return "ms";
  if (lower.startsWith("m")) return "min";
  return lower.startsWith("h") ? "h" : "s";
}

/** In the largest unit that shows it exactly: `"90s"`, `"1min"`. */
export function showDuration(span: Milliseconds): string {
  const unit = units.findLast((each) => span > 0 && span % millisecondsIn[each] === 0) ?? "ms";
  return `"${span / millisecondsIn[unit]}${unit}"`;
}
