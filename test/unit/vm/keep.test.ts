import { deepEqual, equal } from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import type { GuestOutput } from "#test/vm/guest.ts";
import { keepRun, keptRuns, readRun, releaseIn } from "#test/vm/keep.ts";

const output: GuestOutput = {
  record: "1.0\tzero\n",
  journal: "watching\n",
  console: "",
  kernelLog: "[    0.000000] Linux version 6.12.1-amd64 (x)\n",
  isStuck: false,
};
const cell = { story: "fast-hog", guard: "tidemark" };

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tidemark-kept-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

test("what a guest said is read as it was kept", () => {
  keepRun(join(folder, "new"), cell, output);
  deepEqual(keptRuns(join(folder, "new"), cell).map(readRun), [output]);
});

test("a guest that was ended is known by the log that its kernel did not come to tell", () => {
  keepRun(folder, cell, { ...output, kernelLog: "", isStuck: true });
  equal(keptRuns(folder, cell).map(readRun)[0]?.isStuck, true);
});

test("runs are kept beside each other, in the order they were played, and none is written over", () => {
  for (const number of [2, 10]) mkdirSync(join(folder, `fast-hog-tidemark-${number}`));
  keepRun(folder, cell, output);
  deepEqual(
    keptRuns(folder, cell).map((path) => basename(path)),
    ["fast-hog-tidemark-2", "fast-hog-tidemark-10", "fast-hog-tidemark-11"],
  );
});

test("a story whose name begins as another's has its own runs", () => {
  keepRun(folder, { story: "fast-hog-zram", guard: "tidemark" }, output);
  keepRun(folder, { story: "fast-hog", guard: "kernel" }, output);
  deepEqual(keptRuns(folder, cell), []);
});

test("where nothing was kept there is nothing", () => deepEqual(keptRuns(join(folder, "nowhere"), cell), []));

test("a log says which Linux it is of, unless its beginning is gone", () => {
  equal(releaseIn(output.kernelLog), "6.12.1-amd64");
  equal(releaseIn("[   40.608757] Node 0 DMA free:4364kB\n"), undefined);
});
