import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import { scaleToEnd, scaleToTick } from "#test/vm/lab/plot/scale.ts";

const reach = { from: 100, to: 0 };

test("ticks are few and round, whatever is measured", () => {
  deepEqual(scaleToTick(0.83, reach).ticks, [0, 0.2, 0.4, 0.6, 0.8, 1]);
  deepEqual(scaleToTick(1048, reach).ticks, [0, 500, 1000, 1500]);
  deepEqual(scaleToTick(10, reach).ticks, [0, 2, 4, 6, 8, 10]);
  deepEqual(scaleToEnd(13.2, reach).ticks, [0, 5, 10]);
});

test("an axis ends at its last tick, or where it is told to", () => {
  equal(scaleToTick(8, reach).place(8), 0);
  equal(scaleToTick(7, reach).place(7), 12.5);
  equal(scaleToEnd(7, reach).place(7), 0);
  equal(scaleToEnd(7, reach).place(0), 100);
});
