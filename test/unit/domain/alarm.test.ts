import { equal } from "node:assert/strict";
import { test } from "node:test";
import { alarmKinds, isLouder } from "#domain/alarm.ts";

const fromMildToLoud = ["approaching", "scarce", "stalling", "thrashing", "exhausted"] as const;

for (const [i, a] of fromMildToLoud.entries()) {
  for (const [j, b] of fromMildToLoud.entries()) {
    test(`${a} is ${i > j ? "" : "not "}louder than ${b}`, () => equal(isLouder(a, b), i > j));
  }
}

test("no kind of alarm is left out of the order", () => equal(alarmKinds.length, fromMildToLoud.length));
