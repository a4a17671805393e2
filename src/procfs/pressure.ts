/*
 * some avg10=0.00 avg60=1.25 avg300=0.40 total=2871442
 * full avg10=0.00 avg60=0.93 avg300=0.28 total=1911047
 *
 * kernel/sched/psi.c: psi_show(), since 4.20. `total` is in microseconds and current at each read; averages move every 2 s.
 * The memory file of the whole machine has had both lines from the beginning (that of cpu had no `full` before 5.13).
 * With PSI switched off (psi=0) the file is missing; a read that fails with EOPNOTSUPP is the same said later.
 */
import type { Pressure, Stall } from "#domain/pressure.ts";
import { microseconds, type Percent, percent } from "#domain/units.ts";
import { type Cursor, cursorOver, damageAt, expectEndOfLine, expectText, readUnsigned, skipLine } from "./scanner.ts";

/** @throws ParseError */
export function parsePressure(bytes: Uint8Array): Pressure {
  const cursor = cursorOver("pressure/memory", bytes);
  const some = readStall(cursor, "some");
  const full = readStall(cursor, "full");
  return { some, full };
}

function readStall(cursor: Cursor, line: "some" | "full"): Stall {
  expectText(cursor, line);
  const average10 = readAverage(cursor, " avg10=");
  const average60 = readAverage(cursor, " avg60=");
  const average300 = readAverage(cursor, " avg300=");
  expectText(cursor, " total=");
  const total = microseconds(readUnsigned(cursor));
  expectEndOfLine(cursor);
  skipLine(cursor);
  return { average10, average60, average300, total };
}

/** `12.34`: always two decimals, LOAD_INT and LOAD_FRAC of the kernel. */
function readAverage(cursor: Cursor, label: string): Percent {
  expectText(cursor, label);
  const start = cursor.offset;
  const whole = readUnsigned(cursor);
  expectText(cursor, ".");
  const decimalsStart = cursor.offset;
  const hundredths = readUnsigned(cursor);
  const average = whole + hundredths / 100;
  if (cursor.offset - decimalsStart !== 2 || average > 100) {
    throw damageAt({ ...cursor, offset: start }, "a percentage with two decimals");
  }
  return percent(average);
}
