import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { repositoryRoot } from "./repository.ts";

const isUpdate = process.env["UPDATE_GOLDEN"] === "1";

/** Compares a text with the file of that name below `test/golden`; with UPDATE_GOLDEN=1 it writes the file instead, for review in the diff. */
export function assertGolden(name: string, text: string): void {
  const path = join(repositoryRoot, "test/golden", name);
  if (isUpdate) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    return;
  }
  assert.equal(
    text,
    readFileSync(path, "utf8"),
    `differs from test/golden/${name}; UPDATE_GOLDEN=1 accepts the change`,
  );
}
