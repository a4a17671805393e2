import { deepEqual, equal } from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { makeSacrifice } from "#linux/sacrifice.ts";

test("a rehearsal's child is called sh: a busybox that is called otherwise is no shell, and ends at once", {
  skip: process.platform !== "linux" && "needs a Linux kernel",
}, async () => {
  using sacrifice = makeSacrifice();
  let words = "";
  // Its arguments are there a moment after the kernel has let us go on.
  while (words === "" && !sacrifice.hasEnded()) {
    words = readFileSync(`/proc/${sacrifice.pid}/cmdline`, "utf8");
    await new Promise(setImmediate);
  }
  deepEqual(words.split("\0").slice(0, 2), ["sh", "-c"]);
});

test("a rehearsal's child comes to memory of its own, and says so", {
  skip: process.platform !== "linux" && "needs a Linux kernel",
}, async () => {
  using sacrifice = makeSacrifice();
  while (!sacrifice.hasOwnMemory()) await new Promise(setImmediate);
  equal(sacrifice.hasEnded(), false);
});
