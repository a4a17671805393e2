import assert from "node:assert/strict";
import { test } from "node:test";
import { gib, kib, mib, milliseconds, percent, scale, seconds } from "#domain/units.ts";
import { columnSize, describeShare, describeSize, describeSpan } from "#journal/amounts.ts";

test("a size is told in the largest binary unit that leaves at least one", () => {
  const told = [kib(0), kib(512), mib(1), mib(150.4), gib(1), gib(1.5), gib(20.26), gib(3 * 1024)].map(describeSize);
  assert.deepEqual(told, ["0 KiB", "512 KiB", "1 MiB", "150.4 MiB", "1 GiB", "1.5 GiB", "20.3 GiB", "3 TiB"]);
});

test("a size that rounds up to the next unit is told in that unit", () => {
  assert.equal(describeSize(kib(1023)), "1 MiB");
  assert.equal(describeSize(mib(1000)), "1 GiB");
});

test("a term that counts against keeps its sign", () => {
  assert.equal(describeSize(scale(mib(100), -1)), "-100 MiB");
});

test("in a column every size has its decimal", () => {
  assert.equal(columnSize(mib(150)), "150.0 MiB");
});

test("a span is told in the unit people would choose", () => {
  const told = [
    milliseconds(0.31),
    milliseconds(18.4),
    milliseconds(2150),
    seconds(90),
    seconds(7200),
    seconds(172_800),
  ];
  assert.deepEqual(told.map(describeSpan), ["0.3 ms", "18.4 ms", "2.1 s", "1.5 min", "2 h", "2 days"]);
});

test("a share has at most one decimal", () => {
  assert.deepEqual([percent(30), percent(42.26)].map(describeShare), ["30 %", "42.3 %"]);
});
