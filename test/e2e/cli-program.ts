import { spawnSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { repositoryRoot } from "#test/support/repository.ts";

/** The program as it is built. */
export const program = join(repositoryRoot, "dist/src/cli/main.js");

/** A folder of this test file only; to be removed when it is done. */
export const folder = mkdtempSync(join(tmpdir(), "tidemark-cli-"));

/** Writes a file there. */
export function written(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

/** Settings that do not depend on what is installed where the test runs. */
export const settings = written("settings.toml", 'preset = "none"\n');

/** Runs it to its end. */
export function tidemark(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], { encoding: "utf8" });
  return { status, stdout, stderr };
}

/** The records of an answer or of a journal. */
export const records = (lines: string): readonly Record<string, unknown>[] =>
  lines
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line));
