import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readSweep } from "#daemon/scenario/sweep-axes.ts";

const written = (...sweeps: readonly string[]): readonly string[] => {
  const read = readSweep(sweeps);
  if (read.kind === "refused") return assert.fail(read.text);
  return read.combinations.map((each) => each.map(({ key, value }) => `${key}=${value}`).join(" "));
};

const refusal = (...sweeps: readonly string[]): string => {
  const read = readSweep(sweeps);
  return read.kind === "refused" ? read.text : assert.fail(`${read.combinations.length} combinations`);
};

describe("a sweep", () => {
  it("tries every value of one setting with every value of the others, the last setting first", () => {
    assert.deepEqual(written("headroom.low=2%, 5%", "kill.term_grace=1s,3s"), [
      "headroom.low=2% kill.term_grace=1s",
      "headroom.low=2% kill.term_grace=3s",
      "headroom.low=5% kill.term_grace=1s",
      "headroom.low=5% kill.term_grace=3s",
    ]);
    assert.deepEqual(written("preset=none"), ["preset=none"]);
  });

  it("does not cut a value at a comma within quotes or brackets", () => {
    assert.deepEqual(written('a.b=["x","y"],["z"]'), ['a.b=["x","y"]', 'a.b=["z"]']);
    assert.deepEqual(written('a.b="x,y",z'), ['a.b="x,y"', "a.b=z"]);
  });

  it("that plays more than 100 stories is refused with their number", () => {
    const values = Array.from({ length: 11 }, (_, at) => `${at + 1}s`).join(",");
    assert.match(refusal(`a.b=${values}`, `c.d=${values}`), /it would play 121 stories; leave no more than 100/);
    assert.equal(written(`a.b=${values}`).length, 11);
  });

  it("of no key, of no values or of one key twice is refused, saying what to write", () => {
    for (const text of ["headroom.low", "headroom.low=", "=2%", "headroom.low=2%,,5%"]) {
      assert.match(refusal(text), /is not of the form key=value,value; write such as "headroom\.low=2%,5%"/, text);
    }
    assert.match(refusal("a.b=1", "a.b=2"), /a\.b is swept already; write all its values in one/);
  });
});
