import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { makeGauge } from "#procfs/gauge.ts";

const read = (gauge: ReturnType<typeof makeGauge>, text: string): number | undefined => {
  const bytes = new TextEncoder().encode(`${text}left over from a longer text 77\n`);
  return gauge(bytes, text.length);
};

describe("a gauge", () => {
  it("reads the number behind its label, and again when the number has changed", () => {
    const gauge = makeGauge("\nSwapFree:");
    assert.equal(read(gauge, "SwapTotal:  9 kB\nSwapFree:    123 kB\n"), 123);
    assert.equal(read(gauge, "SwapTotal:  9 kB\nSwapFree:    4567 kB\n"), 4567);
  });

  it("finds its label again where lines before it have grown", () => {
    const gauge = makeGauge("total=");
    assert.equal(read(gauge, "some avg10=0.00 total=5\nfull avg10=0.00 total=1\n"), 5);
    assert.equal(read(gauge, "some avg10=10.00 total=6\nfull avg10=0.00 total=1\n"), 6);
  });

  it("has no number where there is no label, no digit, or no end of the number", () => {
    for (const text of ["", "MemFree: 1 kB\n", "MemTotal: kB\n", "MemTotal: 12"]) {
      assert.equal(read(makeGauge("MemTotal:"), text), undefined, JSON.stringify(text));
    }
  });

  it("takes no line for another whose name ends alike", () => {
    assert.equal(read(makeGauge("\nSwapFree:"), "MemTotal: 1 kB\nZSwapFree: 2 kB\nSwapFree: 3 kB\n"), 3);
  });
});
