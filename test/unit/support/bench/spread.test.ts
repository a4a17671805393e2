import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { chances, showNumber, showSpread } from "#test/support/bench/spread.ts";

describe("a spread", () => {
  it("is the least, the median and the most, whatever the order", () => {
    assert.equal(showSpread([30, 1, 2]), "1.00 / 2.00 / 30.0");
  });

  it("of nothing is a dash, and not a number", () => {
    assert.equal(showSpread([]), "–");
    assert.equal(showNumber(NaN), "–");
  });

  it("shows what counts of a number, small or large, and of a negative one as well", () => {
    assert.deepEqual([0.1234, -1.234, 12.34, -123.4, 1234.5].map(showNumber), [
      "0.12",
      "-1.23",
      "12.3",
      "-123",
      "1235",
    ]);
  });
});

describe("chances", () => {
  it("are the same for the same seed, lie between 0 and 1, and are not all alike", () => {
    const draw = (seed: number): readonly number[] => Array.from({ length: 50 }, chances(seed));
    assert.deepEqual(draw(7), draw(7));
    assert.notDeepEqual(draw(7), draw(8));
    assert.ok(draw(0).every((chance) => chance > 0 && chance < 1));
    assert.equal(new Set(draw(7)).size, 50);
  });
});
