import { deepEqual } from "node:assert/strict";
import { test } from "node:test";
import { remaining } from "#test/vm/lab/ledger.ts";

const cell = (story: string, guard: string) => ({ story, guard, kernel: "6.12" });
const [a, b] = [cell("thrash", "tidemark"), cell("thrash", "earlyoom")];

test("each cell is run once before any is run twice", () => {
  deepEqual(remaining([a, b], [], 2), [a, b, a, b]);
});

test("what was run before it was interrupted is not run again", () => {
  deepEqual(remaining([a, b], [a], 2), [b, a, b]);
  deepEqual(remaining([a, b], [a, a, b, b], 2), []);
});

test("a run on another kernel is another run", () => {
  deepEqual(remaining([a], [{ ...a, kernel: "6.1" }], 1), [a]);
});
