import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { gib, type KiB, kibToMiB, mib, percent } from "#domain/units.ts";
import type { Amount } from "#plan/amount.ts";
import { resolveWatermarks } from "#plan/watermarks.ts";
import { aMachine } from "#test/unit/config/a-machine.ts";

const auto: Amount = { kind: "auto" };
const sized = (size: KiB): Amount => ({ kind: "size", size });

function resolve(given: Partial<Record<"min" | "low" | "high", Amount>>, machine = aMachine()): readonly number[] {
  const { min, low, high } = resolveWatermarks({ min: auto, low: auto, high: auto, ...given }, machine);
  return [min, low, high].map((each) => Math.round(kibToMiB(each)));
}

describe("watermarks left to auto", () => {
  it("grow with the square root of RAM", () => {
    assert.deepEqual(resolve({}, aMachine({ ramGiB: 1 })), [50, 100, 150]);
    assert.deepEqual(resolve({}, aMachine({ ramGiB: 4 })), [100, 200, 300]);
    assert.deepEqual(resolve({}, aMachine({ ramGiB: 16 })), [200, 400, 600]);
    assert.deepEqual(resolve({}, aMachine({ ramGiB: 64 })), [400, 800, 1200]);
    assert.deepEqual(resolve({}, aMachine({ ramGiB: 512 })), [1131, 2263, 3394]);
  });

  it("leave a small machine four fifths of its memory", () => {
    const machine = aMachine({ ramGiB: 1 / 16 });
    assert.deepEqual(resolve({}, machine), [6, 12, 18]);
    assert.equal(Math.round(kibToMiB(machine.userMemory)), 60);
  });
});

describe("watermarks of which some are given", () => {
  it("follow the given ones at 1 : 2 : 3", () => {
    assert.deepEqual(resolve({ low: sized(gib(1)) }), [512, 1024, 1536]);
    assert.deepEqual(resolve({ min: sized(mib(100)) }), [100, 200, 300]);
    assert.deepEqual(resolve({ high: sized(mib(300)) }), [100, 200, 300]);
    assert.deepEqual(resolve({ min: sized(mib(100)), high: sized(mib(300)) }), [100, 200, 300]);
  });

  it("never give way where they are given", () => {
    assert.deepEqual(resolve({ min: sized(mib(100)), low: sized(mib(900)) }), [100, 900, 1350]);
    assert.deepEqual(resolve({ low: sized(mib(900)), high: sized(mib(901)) }), [450, 900, 901]);
    assert.deepEqual(resolve({ min: sized(mib(1)), low: sized(mib(2)), high: sized(mib(30)) }), [1, 2, 30]);
  });

  it("keep low between min and high, however close the two are", () => {
    assert.deepEqual(resolve({ min: sized(mib(300)), high: sized(mib(310)) }), [300, 305, 310]);
  });

  it("are shares of user memory, not of all RAM", () => {
    assert.deepEqual(resolve({ low: { kind: "share", share: percent(10) } }), [768, 1536, 2304]);
  });
});
