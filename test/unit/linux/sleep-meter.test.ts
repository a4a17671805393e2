import assert from "node:assert/strict";
import { test } from "node:test";
import { milliseconds } from "#domain/units.ts";
import { makeSleepMeter } from "#linux/sleep-meter.ts";

/** Clocks that show one pair of times after the other. */
function clocksOf(times: readonly (readonly [monotonic: number, boottime: number])[]) {
  let shown = -1;
  return {
    boottime: () => {
      shown += 1;
      return milliseconds(times[shown]?.[1] ?? 0);
    },
    monotonic: () => milliseconds(times[shown]?.[0] ?? 0),
  };
}

test("time asleep is what the clock since boot ran ahead, told once", () => {
  const sleptFor = makeSleepMeter(
    clocksOf([
      [10, 5000],
      [1010, 6000],
      [2010, 67_000],
      [3010, 68_000],
    ]),
  );
  assert.deepEqual([sleptFor(), sleptFor(), sleptFor()], [undefined, 60_000, undefined]);
});

test("two clocks that are not read at the same moment do not make negative sleep", () => {
  const sleptFor = makeSleepMeter(
    clocksOf([
      [10, 5000],
      [1010, 5999],
    ]),
  );
  assert.equal(sleptFor(), undefined);
});
