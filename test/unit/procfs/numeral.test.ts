import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { findNumeral } from "#procfs/numeral.ts";

const find = (text: string, label: string) => findNumeral(new TextEncoder().encode(text), label);

describe("a number of a kernel file", () => {
  it("is the one behind its label, and known by its place", () => {
    const text = "SwapTotal:  9 kB\nSwapFree:    123 kB\n";
    const found = find(text, "\nSwapFree:");
    assert.deepEqual(found, { value: 123, label: 16, start: 26, end: 33 });
    assert.equal(text.slice(found?.start, found?.end), "    123");
  });

  it("is the first of several", () => {
    assert.equal(find("some avg10=0.00 total=5\nfull avg10=0.00 total=1\n", "total=")?.value, 5);
  });

  it("is not there without a label, a digit, or an end", () => {
    for (const text of ["", "MemFree: 1 kB\n", "MemTotal: kB\n", "MemTotal: 12"]) {
      assert.equal(find(text, "MemTotal:"), undefined, JSON.stringify(text));
    }
  });

  it("stands behind spaces, and behind nothing else", () => {
    assert.equal(find("a:  7\n", "a:")?.value, 7);
    assert.equal(find("a:\t7\n", "a:"), undefined);
    assert.equal(find("a:\n7\n", "a:"), undefined);
  });

  it("is not that of a line whose name ends alike", () => {
    assert.equal(find("MemTotal: 1 kB\nZSwapFree: 2 kB\nSwapFree: 3 kB\n", "\nSwapFree:")?.value, 3);
  });
});
