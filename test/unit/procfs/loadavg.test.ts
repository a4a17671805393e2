import assert from "node:assert/strict";
import { test } from "node:test";
import { parseLastPid } from "#procfs/loadavg.ts";
import { bytesOf } from "#test/support/fixture.ts";
import { refusal } from "#test/support/soundness.ts";

test("the number that was given out last is the fifth field, and not the number of tasks before it", () => {
  assert.equal(parseLastPid(bytesOf("0.20 0.18 0.12 1/80 11206\n")), 11_206);
});

for (const cut of ["0.20 0.18 0.12 1/80 112", "0.20 0.18 0.12 1/80\n", ""]) {
  test(`a load without its last field is refused: ${JSON.stringify(cut)}`, () => {
    assert.equal(refusal(() => parseLastPid(bytesOf(cut))).file, "loadavg");
  });
}
