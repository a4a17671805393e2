import assert from "node:assert/strict";
import { test } from "node:test";
import { presentable } from "#journal/presentable.ts";

test("texts are escaped wherever they are in a value, names of terms included", () => {
  assert.deepEqual(presentable({ comm: "\n", list: ["\u001b", 3, { "a\n": undefined }], none: undefined }), {
    comm: "\\x0a",
    list: ["\\x1b", 3, { "a\\x0a": undefined }],
    none: undefined,
  });
});

test("a time is told to the microsecond, and whole numbers stay whole", () => {
  assert.deepEqual(presentable({ took_ms: 29.867919, pid: 4_194_304, shares: [0.1 + 0.2, -1.5] }), {
    took_ms: 29.868,
    pid: 4_194_304,
    shares: [0.3, -1.5],
  });
});
