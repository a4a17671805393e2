import { equal } from "node:assert/strict";
import { test } from "node:test";
import {
  add,
  below,
  bytes,
  clamp,
  type KiB,
  kib,
  milliseconds,
  type Pages,
  pages,
  percent,
  pid,
  share,
  sum,
  uid,
} from "#domain/units.ts";

/** Every line after an `@ts-expect-error` must be refused; the build fails at one that is not. */
const takeMemory = (amount: KiB): KiB => amount;
const takePages = (amount: Pages): Pages => amount;

test("a number without a unit is no memory", () => {
  // @ts-expect-error: says neither KiB nor anything else
  takeMemory(42);
  equal(takeMemory(kib(42)), 42);
});

test("quantities of different units are not assigned to each other", () => {
  // @ts-expect-error: pages depend on the machine
  takeMemory(pages(1));
  // @ts-expect-error: bytes are not KiB
  takeMemory(bytes(1024));
  // @ts-expect-error: a share is no amount
  takeMemory(percent(50));
  // @ts-expect-error: time is no memory
  takeMemory(milliseconds(5));
  // @ts-expect-error: KiB are not pages
  takePages(kib(4));
});

test("a pid is no uid, although both are whole numbers", () => {
  const takePid = (of: ReturnType<typeof pid>) => of;
  // @ts-expect-error: uid 1000 would be signalled as pid 1000
  takePid(uid(1000));
  equal(takePid(pid(1000)), 1000);
});

test("quantities of different units are not added, compared, clamped or shared out", () => {
  // @ts-expect-error: KiB and pages have no sum
  add(kib(1), pages(1));
  // @ts-expect-error: KiB are not below a time
  below(kib(1), milliseconds(1));
  // @ts-expect-error: a clamp in another unit
  clamp(kib(1), kib(0), bytes(1));
  // @ts-expect-error: a share of another unit
  share(kib(1), pages(1));
  // @ts-expect-error: a sum of two units
  takeMemory(sum([kib(1), pages(1)]));
});

test("arithmetic gives the unit back", () => {
  equal(takeMemory(add(kib(1), kib(1))), 2);
  // @ts-expect-error: pages plus pages are pages
  takeMemory(add(pages(1), pages(1)));
  // @ts-expect-error: a share is a percent, whatever was shared
  takeMemory(share(kib(1), kib(2)));
});
