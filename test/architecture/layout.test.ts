import { deepEqual, equal, match, ok } from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { basename } from "node:path/posix";
import { describe, test } from "node:test";
import { filesBelow, repositoryRoot } from "#test/support/repository.ts";
import { testGroups } from "#test/tools/test-groups.ts";
import { importTable } from "./import-table.ts";
import { readSources } from "./source-file.ts";

const sources = readSources();
const readText = (path: string): string => readFileSync(join(repositoryRoot, path), "utf8");
const manifest = JSON.parse(readText("package.json"));

describe("files", () => {
  /** Lists of entries: they grow by one for each thing there is, and are no concept to cut in two. */
  const lists = ["src/config/schema.ts", "src/journal/catalogue.ts", "policies/catalogue.ts"];

  test("none has more than 250 lines", () => {
    const long = sources.filter(({ path, text }) => !lists.includes(path) && text.split("\n").length > 251);
    deepEqual(
      long.map(({ path }) => path),
      [],
    );
  });

  test("all are named in kebab-case", () => {
    const paths = [...sources.map(({ path }) => path), ...filesBelow("test").filter((path) => path.endsWith(".ts"))];
    deepEqual(
      paths.filter((path) => !/^[a-z0-9]+(-[a-z0-9]+)*(\.test)?\.ts$/.test(basename(path))),
      [],
    );
  });

  test("none is named after nothing", () => {
    const vague = sources.filter(({ path }) => /\b(utils?|helpers?|common|shared|types|misc|lib)(\/|\.ts$)/.test(path));
    deepEqual(
      vague.map(({ path }) => path),
      [],
    );
  });

  test("each lies in a folder of the import table", () => {
    const stray = sources.filter(({ path }) => !Object.keys(importTable).some((row) => path.startsWith(`${row}/`)));
    deepEqual(
      stray.map(({ path }) => path),
      [],
    );
  });
});

describe("tests", () => {
  for (const { name } of testGroups) {
    test(`there are ${name} tests`, () => {
      const path = `test/${name}`;
      ok(existsSync(join(repositoryRoot, path)), `${path} is missing`);
      ok(
        filesBelow(path).some((file) => file.endsWith(".test.ts")),
        `${path} holds no test`,
      );
    });
  }

  test("each lies in a folder that npm test runs", () => {
    const groups = testGroups.map(({ name }) => `test/${name}/`);
    const lost = filesBelow("test").filter(
      (path) => path.endsWith(".test.ts") && !groups.some((g) => path.startsWith(g)),
    );
    deepEqual(lost, []);
  });
});

describe("packages", () => {
  const runtime = Object.keys(manifest.dependencies);
  const decisions = existsSync(join(repositoryRoot, "DECISIONS.md")) ? readText("DECISIONS.md") : "";

  for (const [name, version] of Object.entries<string>({ ...manifest.dependencies, ...manifest.devDependencies })) {
    test(`${name} is pinned to one version`, () => match(version, /^\d+\.\d+\.\d+$/));
    test(`${name} was decided upon`, () => {
      const titles = decisions.split("\n").filter((line) => line.startsWith("## "));
      ok(
        titles.some((title) => title.includes(`\`${name}\``)),
        `DECISIONS.md has no "## … \`${name}\` …"`,
      );
    });
  }

  for (const name of runtime) {
    test(`${name} is allowed to somebody, and used`, () => {
      const allowed = Object.values(importTable).some(({ packages = [] }) => packages.includes(name));
      ok(allowed, `no row of the import table names ${name}`);
      ok(
        sources.some(({ uncommented }) => uncommented.includes(`"${name}"`)),
        `nobody imports ${name}`,
      );
    });
  }

  test("every alias of a layer leads to a folder of the import table", () => {
    const folders = Object.values<{ source: string }>(manifest.imports).map(({ source }) => source.slice(2, -5));
    deepEqual(folders.toSorted(), [...Object.keys(importTable), "test"].toSorted());
  });

  // `prepare` runs in a checkout only (`npm i -g .`, `npm pack`), never where the package is installed from a registry.
  test("nothing runs a script when tidemark is installed as a package", () => {
    for (const script of ["preinstall", "install", "postinstall"]) equal(manifest.scripts[script], undefined);
  });
});

describe("decisions", () => {
  test("each is told in at most 12 lines", () => {
    const entries = readText("DECISIONS.md").split(/^## /m).slice(1);
    const long = entries
      .filter((entry) => entry.trimEnd().split("\n").length > 13)
      .map((entry) => entry.split("\n")[0]);
    deepEqual(long, []);
  });
});
