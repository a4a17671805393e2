import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { diff, patch } from "#recorded/delta.ts";

const process = (pid: number, rss: number) => ({ identity: { pid, startTicks: pid * 10 }, memory: { rss } });

describe("a difference", () => {
  it("of whole numbers is what is added; of equal values it is nothing", () => {
    assert.deepEqual(diff({ free: 100, total: 7 }, { free: 96, total: 7 }), { free: -4 });
    assert.equal(diff({ free: 1 }, { free: 1 }), 0);
  });

  it("of fractions is the new value, because sums of fractions are not exact", () => {
    assert.deepEqual(diff(0.1, 0.3), [0.3]);
  });

  it("of a table names who left, who changed and who came, and says nothing of the others", () => {
    const before = [process(1, 10), process(2, 20), process(3, 30)];
    const after = [process(1, 10), process(3, 33), process(4, 40)];
    const delta = diff(before, after);
    assert.deepEqual(delta, {
      list: { gone: ["2@20"], changed: { "3@30": { memory: { rss: 3 } } }, came: [process(4, 40)] },
    });
    assert.deepEqual(patch(before, delta), after);
  });

  it("of a table in another order brings that order back", () => {
    const before = [process(1, 10), process(2, 20)];
    assert.deepEqual(patch(before, diff(before, before.toReversed())), before.toReversed());
  });

  it("that belongs to another value is refused", () => {
    assert.throws(() => patch(undefined, { free: 1 }), TypeError);
    assert.throws(() => patch("text", 4), TypeError);
  });
});
