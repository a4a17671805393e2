import { gib, type KiB, kib, mib } from "#domain/units.ts";
import { inRange, type Range, type Read, refused, splitNumber, type ValueType } from "./value-type.ts";

/** Powers of 1024 only: decimal megabytes beside the kernel's binary ones are how limits end up 5 % off. */
const kibIn = { KiB: kib(1), MiB: mib(1), GiB: gib(1), TiB: gib(1024) } as const;
type Unit = keyof typeof kibIn;
const units: readonly Unit[] = ["KiB", "MiB", "GiB", "TiB"];

/** No machine has more; below it every sum of sizes is an exact number. */
export const largestSize = gib(1_000_000);

/** An amount of memory with a binary unit: "512MiB". */
export const size = (range: Range<KiB> = [kib(1), largestSize]): ValueType<KiB> => ({
  wants: `a size from ${showSize(range[0])} to ${showSize(range[1])}`,
  read: (written) => readSize(written, range),
  show: showSize,
});

/** A size within a range, both ends allowed. */
export function readSize(written: unknown, range: Range<KiB>): Read<KiB> {
  if (typeof written === "number") return refused("a bare number says no unit", `write "${Math.abs(written)}MiB"`);
  const number = typeof written === "string" ? splitNumber(written) : undefined;
  if (number === undefined) return refused("it is not a size", 'write a number and a unit, such as "512MiB"');
  const unit = units.find((each) => each === number.unit);
  if (unit === undefined)
    return refused(describeUnit(number.unit), `write "${number.amount}${nearestUnit(number.unit)}"`);
  if (number.amount < 0) return refused("it is negative", "write a size above zero");
  const amount = number.amount * kibIn[unit];
  return inRange(amount > largestSize ? kib(Number.MAX_SAFE_INTEGER) : kib(amount), range, showSize);
}

const describeUnit = (unit: string): string =>
  unit === "" ? "a number says no unit" : `"${unit}" is not one of the units KiB, MiB, GiB and TiB`;

/** What was most likely meant by `M`, `mb` or `MB`: sizes that are called megabytes are binary ones nearly always. */
const nearestUnit = (unit: string): Unit =>
  units.find((each) => unit !== "" && each.toLowerCase().startsWith(unit.charAt(0).toLowerCase())) ?? "MiB";

/** In the largest unit that leaves no more than two decimals of rounding: `"1.5GiB"`. */
export function showSize(amount: KiB): string {
  const unit = units.findLast((each) => amount >= kibIn[each]) ?? "KiB";
  return `"${Number((amount / kibIn[unit]).toFixed(2))}${unit}"`;
}
