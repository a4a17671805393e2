import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, it } from "node:test";
import { repositoryRoot } from "#test/support/repository.ts";

const folder = mkdtempSync(join(tmpdir(), "tidemark-global-"));
after(() => rmSync(folder, { recursive: true }));

function npm(...args: readonly string[]): void {
  const { status, stderr } = spawnSync("npm", args, { cwd: repositoryRoot, encoding: "utf8" });
  assert.equal(status, 0, stderr);
}

const tidemark = (...args: readonly string[]) =>
  spawnSync(join(folder, "bin", "tidemark"), args, { cwd: "/", encoding: "utf8" });

it("the package, installed globally, gives a tidemark that finds its presets and knows its settings", () => {
  npm("pack", "--ignore-scripts", "--pack-destination", folder);
  const [archive = ""] = readdirSync(folder).filter((name) => name.endsWith(".tgz"));
  npm("install", "--global", "--ignore-scripts", "--prefer-offline", "--prefix", folder, join(folder, archive));
  assert.match(tidemark("--version").stdout, /^tidemark \d+\.\d+\.\d+$/m);
  const { status, stdout, stderr } = tidemark("check", "--set", "preset=server", "--json");
  assert.equal(status, 0, stderr);
  assert.equal(JSON.parse(stdout.split("\n")[0] ?? "").accepted, true);
});
