import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { repositoryRoot } from "#test/support/repository.ts";
import { testGroups } from "#test/tools/test-groups.ts";

const textOf = (name: string): string => readFileSync(join(repositoryRoot, name), "utf8");

const scripts: Readonly<Record<string, string>> = Object(JSON.parse(textOf("package.json")).scripts);

const all = testGroups.map(({ name }) => name);

/** What a step of CI has run; without a word the runner of tests runs everything. */
function foldersOf(step: string): readonly string[] {
  const [, name = "", more = ""] = /^step npm (?:run )?(\S+)(?: -- (.*))?$/.exec(step) ?? [];
  const [, own] = /run-tests\.js([^&]*)/.exec(scripts[name] ?? "") ?? [];
  if (own === undefined) return [];
  const folders = `${own} ${more}`.split(" ").filter(Boolean);
  return folders.length > 0 ? folders : all;
}

test("CI runs every folder of tests as a whole, in one step or another", () => {
  const run = new Set(textOf(".ci/run").split("\n").flatMap(foldersOf));
  assert.deepEqual(
    all.filter((name) => !run.has(name)),
    [],
  );
});
