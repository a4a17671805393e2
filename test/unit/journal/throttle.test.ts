import assert from "node:assert/strict";
import { test } from "node:test";
import { milliseconds, seconds } from "#domain/units.ts";
import { createThrottle } from "#journal/throttle.ts";

test("a condition is said once, counted while it lasts, and said again with the count when its minute is over", () => {
  const throttle = createThrottle(seconds(60));
  assert.equal(throttle.admit("a", seconds(0)), 0);
  assert.equal(throttle.admit("a", seconds(1)), undefined);
  assert.equal(throttle.admit("a", milliseconds(59_999)), undefined);
  assert.equal(throttle.admit("a", seconds(60)), 2);
  assert.equal(throttle.admit("a", seconds(61)), undefined);
  assert.equal(throttle.admit("a", seconds(120)), 1);
});

test("one condition does not silence another", () => {
  const throttle = createThrottle(seconds(60));
  assert.equal(throttle.admit("a", seconds(0)), 0);
  assert.equal(throttle.admit("b", seconds(0)), 0);
});

test("of very many conditions at once the oldest is forgotten, and so said again", () => {
  const throttle = createThrottle(seconds(60));
  for (let n = 0; n <= 256; n += 1) assert.equal(throttle.admit(`condition ${n}`, seconds(0)), 0);
  assert.equal(throttle.admit("condition 256", seconds(1)), undefined);
  assert.equal(throttle.admit("condition 0", seconds(1)), 0);
});
