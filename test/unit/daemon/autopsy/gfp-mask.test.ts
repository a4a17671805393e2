import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import { readGfpMask } from "#daemon/autopsy/gfp-mask.ts";

test("the name of a mask says what the memory was for", () => {
  const { purpose, conditions } = readGfpMask("0x14280ca(GFP_HIGHUSER_MOVABLE|__GFP_ZERO)");
  equal(purpose, "memory of a process");
  deepEqual(conditions, ["zeroed"]);
  equal(readGfpMask("0xcc0(GFP_KERNEL)").purpose, "memory of the kernel");
});

test("a mask without names is read by its bits, as before Linux 4.6", () => {
  equal(readGfpMask("0x201da").purpose, "a page of a file");
  equal(readGfpMask("0xd0").purpose, "memory of the kernel");
  equal(readGfpMask("0x20").purpose, "memory of the kernel, without waiting");
  deepEqual(readGfpMask("0x280da"), { purpose: "memory of a process", conditions: ["zeroed"] });
});

test("no mask at all is a page fault", () => {
  equal(readGfpMask("0x0()").purpose, "a page fault that could not be served");
  equal(readGfpMask("0x0").purpose, "a page fault that could not be served");
});

test("what nobody knows is memory, and nothing more", () => {
  deepEqual(readGfpMask("0x1(__GFP_NEW)"), { purpose: "memory", conditions: [] });
  equal(readGfpMask("nonsense").purpose, "a page fault that could not be served");
});
