import assert from "node:assert/strict";
import { test } from "node:test";
import { exitCodes } from "#cli/exit-codes.ts";

test("every way to end has a number of its own, and the numbers never change", () => {
  assert.deepEqual(
    Object.entries(exitCodes).map(([name, { code }]) => [name, code]),
    [
      ["done", 0],
      ["no", 1],
      ["usage", 64],
      ["unsupported", 69],
      ["bug", 70],
      ["system", 71],
      ["permission", 77],
      ["config", 78],
    ],
  );
});
