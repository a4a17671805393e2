import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import { inPool } from "#test/vm/pool.ts";

test("no more are under way than are allowed, and results come in the order of the list", async () => {
  const ends = new Map<string, () => void>();
  const pool = inPool(
    ["a", "b", "c"],
    2,
    (item) => new Promise<string>((resolve) => ends.set(item, () => resolve(item.toUpperCase()))),
  );
  deepEqual([...ends.keys()], ["a", "b"]);
  ends.get("b")?.();
  await new Promise(setImmediate);
  equal([...ends.keys()].at(-1), "c", "who ends first makes room for the next");
  ends.get("c")?.();
  ends.get("a")?.();
  deepEqual(await pool, ["A", "B", "C"]);
});
