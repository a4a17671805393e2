import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { readNumberedEntries } from "#native-bindings/directory.ts";
import { closeFd, openFile } from "#native-bindings/file.ts";

/** In parts as small as one name or two. */
function numbersBelow(path: string): readonly number[] {
  const fd = openFile(path);
  const buffer = new Uint8Array(64);
  const numbers: number[] = [];
  for (let part = readNumberedEntries(fd, buffer); part !== undefined; part = readNumberedEntries(fd, buffer)) {
    numbers.push(...part);
  }
  closeFd(fd);
  return numbers.sort((a, b) => a - b);
}

test("of a directory the names that are whole numbers are told, and no others", () => {
  const root = mkdtempSync(join(tmpdir(), "tidemark-directory-"));
  for (const name of ["1", "27", "300000", "0", "self", "1x", "-4", "12.5"]) mkdirSync(join(root, name));
  try {
    assert.deepEqual(numbersBelow(root), [1, 27, 300_000]);
  } finally {
    rmSync(root, { recursive: true });
  }
});

test("the descriptors of this process are listed as another reader lists them", () => {
  const others = readdirSync("/proc/self/fd").map(Number);
  const ours = numbersBelow("/proc/self/fd");
  assert.ok(
    others.filter((fd) => fd > 0 && fd < 3).every((fd) => ours.includes(fd)),
    `${ours}`,
  );
});

test("a file is no directory", () => {
  const fd = openFile("/proc/self/stat");
  assert.throws(() => readNumberedEntries(fd, new Uint8Array(64)), { call: "getdents64", errno: "ENOTDIR" });
  closeFd(fd);
});
