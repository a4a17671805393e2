import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { commands } from "#cli/commands.ts";
import { repositoryRoot } from "#test/support/repository.ts";
import { importTable } from "./import-table.ts";

const documents = ["README.md", "ARCHITECTURE.md", "DECISIONS.md", "CONTRIBUTING.md", "CHANGELOG.md", "BENCHMARKS.md"];

const textOf = (name: string): string => readFileSync(join(repositoryRoot, name), "utf8");

const folders = "src|policies|native-bindings|test|packaging";
const pathPattern = new RegExp(`\`((?:${folders})/[\\w./-]*[\\w/])\``, "g");

const all = (text: string, pattern: RegExp): readonly string[] =>
  Array.from(text.matchAll(pattern), ([, found = ""]) => found);

const manifest: unknown = JSON.parse(textOf("package.json"));
const scripts =
  typeof manifest === "object" && manifest !== null && "scripts" in manifest
    ? Object.keys(Object(manifest.scripts))
    : [];

for (const name of documents) {
  describe(name, () => {
    const text = textOf(name);

    it("names no file or folder that is not there", () => {
      assert.deepEqual(
        all(text, pathPattern).filter((path) => !path.includes("<") && !existsSync(join(repositoryRoot, path))),
        [],
      );
    });

    it("names no npm script that is not there", () => {
      const named = [...all(text, /npm run ([\w:]+)/g), ...all(text, /npm (start|test)\b/g)];
      assert.deepEqual(
        named.filter((script) => !scripts.includes(script)),
        [],
      );
    });

    it("names no command of tidemark that is not there", () => {
      const known = commands.map(({ command }) => command);
      const named = all(text, /`tidemark ([a-z-]+)/g);
      assert.deepEqual(
        named.filter((command) => !known.includes(command)),
        [],
      );
    });
  });
}

describe("ARCHITECTURE.md", () => {
  it("has a row for every folder of the import table, with every package it may import", () => {
    const rows = textOf("ARCHITECTURE.md").split("\n");
    for (const [folder, { packages = [] }] of Object.entries(importTable)) {
      const row = rows.find((line) => line.startsWith(`| \`${folder}\``));
      assert.ok(row, folder);
      for (const name of packages) assert.ok(row.includes(name), `${folder} may import ${name}`);
    }
  });
});
