import { deepEqual } from "node:assert/strict";
import { test } from "node:test";
import { mib } from "#domain/units.ts";
import { recoveryOf } from "#test/vm/lab/recovery.ts";
import { readRecord } from "#test/vm/record.ts";

/** Of a machine of 1000 KiB: less than 100 are short. Somebody wakes whenever nothing else is told. */
const recovery = (end: number, ...told: readonly string[]) => {
  const lines = ["0.0 zero", ...told, `${end}.0 woke editor 3 1`, `${end}.0 end`];
  return recoveryOf(readRecord(lines.map((line) => `${line.replaceAll(" ", "\t")}\n`).join(""), ""), mib(1000));
};
const free = (at: number, available: number, swap = 0) => `${at}.0 memory ${available * 1024} ${swap * 1024}`;

test("a machine on which nobody waited and memory was never short was in no trouble", () => {
  deepEqual(recovery(9000, free(1000, 100), "2000.0 woke editor 3 50"), { took: 0, isOver: true });
});

test("trouble begins when a wait does, and is over when it is", () => {
  deepEqual(recovery(9000, "3000.0 woke editor 3 800"), { took: 800, isOver: true });
});

test("trouble begins where memory is short, and is over where it is not any more", () => {
  deepEqual(recovery(9000, free(1000, 99), free(1500, 20), free(2000, 100)), { took: 1000, isOver: true });
});

test("memory is not short while swap is free", () => {
  deepEqual(recovery(9000, free(1000, 0, 100)), { took: 0, isOver: true });
  deepEqual(recovery(9000, free(1000, 0, 99), free(1500, 0, 100)), { took: 500, isOver: true });
});

test("a wait that follows a shortage within a second is the same trouble", () => {
  const shortage = [free(1000, 10), free(1500, 500)];
  deepEqual(recovery(9000, ...shortage, "2599.0 woke editor 3 100"), { took: 1599, isOver: true });
  deepEqual(recovery(9000, ...shortage, "2600.0 woke editor 3 100"), { took: 500, isOver: true });
});

test("a short wait within a long shortage ends nothing", () => {
  const told = [free(1000, 10), "1300.0 woke editor 3 200", free(4000, 500)];
  deepEqual(recovery(9000, ...told), { took: 3000, isOver: true });
});

test("of several troubles the longest counts", () => {
  const told = ["1000.0 woke editor 3 400", "5000.0 woke editor 3 900", "8000.0 woke editor 3 100"];
  deepEqual(recovery(9500, ...told), { took: 900, isOver: true });
});

test("a machine that was calm for less than a second at the end had not recovered", () => {
  deepEqual(recovery(4000, "3000.0 woke editor 3 800"), { took: 800, isOver: true });
  deepEqual(recovery(3999, "3000.0 woke editor 3 800"), { took: 1799, isOver: false });
});

test("memory that is short at the end had not come back, however short that was", () => {
  deepEqual(recovery(9000, "3000.0 woke editor 3 800", free(8950, 10)), { took: 50, isOver: false });
});
