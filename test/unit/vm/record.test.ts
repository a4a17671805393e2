import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import { readRecord } from "#test/vm/record.ts";

const lines = (...told: readonly string[]): string => told.map((line) => `${line.replaceAll(" ", "\t")}\n`).join("");
const begun = ["900.0 started hog 7", "1000.0 zero"];

test("times count from the beginning of the story", () => {
  const { deaths, lasted, memory } = readRecord(
    lines(...begun, "1500.0 memory 2048 0 - - -", "3000.0 ended hog 7 15", "5000.0 end"),
    "",
  );
  deepEqual(
    deaths.victims.map(({ comm, at }) => ({ comm, at })),
    [{ comm: "hog", at: 2000 }],
  );
  equal(lasted, 4000);
  deepEqual(
    memory.map(({ at, available, swapFree }) => ({ at, available, swapFree })),
    [{ at: 500, available: 2048, swapFree: 0 }],
  );
});

test("what a guest notes of its memory is read in KiB, and a dash is a figure its kernel does not have", () => {
  const { total, memory } = readRecord(
    lines("1000.0 zero 991336", "1500.0 memory 2048 512 300 40 0 7000 - 9 100 50 20 640"),
    "",
  );
  equal(total, 991_336);
  deepEqual(memory, [
    {
      at: 500,
      available: 2048,
      swapFree: 512,
      anon: 300,
      free: 40,
      some: 7000,
      full: 0,
      fileRefaults: 400,
      anonRefaults: 80,
      files: 640,
    },
  ]);
});

test("who was killed by the kernel is no victim of the guard", () => {
  const log = "[    3.000000] Out of memory: Killed process 7 (hog) total-vm:1kB, anon-rss:1kB\n";
  const { deaths } = readRecord(lines(...begun, "3010.0 ended hog 7 9", "5000.0 end"), log);
  deepEqual(deaths.victims, []);
  deepEqual(deaths.byKernel, [{ comm: "hog", at: 2000 }]);
});

test("a kill of the kernel inside a memcg is one of the kernel's as well", () => {
  const log = "[    3.000000] Memory cgroup out of memory: Killed process 8 (a b) total-vm:1kB\n";
  deepEqual(readRecord(lines(...begun, "5000.0 end"), log).deaths.byKernel, [{ comm: "a b", at: 2000 }]);
});

test("who asked to go and went is a victim that was not killed", () => {
  const { deaths } = readRecord(lines(...begun, "2000.0 ended hog 7 15", "5000.0 end"), "");
  equal(deaths.victims.length, 1);
  equal(deaths.killed.length, 0);
});

test("who ended by itself, or before the story began, is no victim", () => {
  const { deaths } = readRecord(lines("950.0 ended early 6 9", ...begun, "2000.0 ended hog 7 0", "5000.0 end"), "");
  deepEqual(deaths.victims, []);
});

test("an orphan has the name it was started under", () => {
  const { deaths } = readRecord(lines(...begun, "1100.0 started storm 9", "2000.0 ended ? 9 9", "5000.0 end"), "");
  deepEqual(
    deaths.victims.map(({ comm }) => comm),
    ["storm"],
  );
});

test("a wake that was late was waited for since it was due", () => {
  const { stalls } = readRecord(lines(...begun, "2000.0 woke editor 3 2.0", "2900.0 woke editor 3 800.0"), "");
  deepEqual(stalls, [{ at: 1100, took: 800 }]);
});

test("who never wakes again waits to the end", () => {
  const { stalls } = readRecord(lines(...begun, "2000.0 woke editor 3 1.0", "9000.0 end"), "");
  deepEqual(stalls, [{ at: 1100, took: 6900 }]);
});

test("a story without an end, or without a beginning, is trouble", () => {
  deepEqual(readRecord(lines(...begun), "").troubles, ["the story has no end"]);
  deepEqual(readRecord("", "").troubles, ["the story never began"]);
  deepEqual(readRecord(lines(...begun, "1100.0 trouble no disk", "2000.0 end"), "").troubles, ["no disk"]);
});

test("half a line, as a guest that dies leaves it, is left out", () => {
  deepEqual(readRecord(`${lines(...begun, "1500.0 memory 2048 0", "2000.0 end")}25`, "").troubles, []);
});

test("the guard's own memory, faults and processor time are read", () => {
  const { guard } = readRecord(lines(...begun, "1500.0 guard 30000 20000 0 4 250", "2000.0 end"), "");
  deepEqual(guard, [{ at: 500, resident: 30000, locked: 20000, swapped: 0, majorFaults: 4, cpu: 250 }]);
});
