import { deepEqual, equal } from "node:assert/strict";
import { describe, test } from "node:test";
import { checkImports, findCycles } from "./check-imports.ts";
import { importTable } from "./import-table.ts";
import { allowNone, readSources, sourceFile } from "./source-file.ts";

const sources = readSources();
const breachesOf = (path: string, text: string) => checkImports(sourceFile(path, text)).map(({ what }) => what);

describe("the import table", () => {
  test("a folder imports from rows above its own only", () => {
    const rows = Object.keys(importTable).map((folder) => folder.replace(/^src\//, ""));
    for (const [row, { layers }] of Object.values(importTable).entries()) {
      for (const layer of layers) {
        const above = rows.slice(0, row);
        equal(above.includes(layer.split("/")[0] ?? ""), true, `${rows[row]} imports ${layer}, which is not above it`);
      }
    }
  });

  const refused: Readonly<Record<string, readonly [string, string]>> = {
    "an import of a layer it may not know": ["src/engine/a.ts", `import { a } from "#linux/a.ts";`],
    "an import of a type of such a layer": ["src/engine/a.ts", `import type { A } from "#linux/a.ts";`],
    "an import of another file of a layer it may know one file of": [
      "policies/a.ts",
      `import { a } from "#engine/plan.ts";`,
    ],
    "an import of a module of Node": ["src/domain/a.ts", `import { readFileSync } from "node:fs";`],
    "an import of a module of Node beside the one it may have": [
      "src/linux/a.ts",
      `import { connect } from "node:net";`,
    ],
    "an import of a package": ["src/engine/a.ts", `import koffi from "koffi";`],
    "an import of a package whose name begins like one it may have": [
      "native-bindings/a.ts",
      `import x from "koffi-extra";`,
    ],
    "an import of the folder above": ["src/engine/a.ts", `import { a } from "../domain/a.ts";`],
    "an import of a test": ["src/engine/a.ts", `import { a } from "#test/support/a.ts";`],
    "an export from a layer it may not know": ["src/engine/a.ts", `export { a } from "#linux/a.ts";`],
    "an import while running": ["src/engine/a.ts", `const a = await import("#linux/a.ts");`],
    "an import for its side effect": ["src/engine/a.ts", `import "#linux/a.ts";`],
    "an import that does not name the file": ["src/engine/a.ts", `import { a } from "#domain/a";`],
    "any import by a folder the table does not list": ["src/common/a.ts", `import { a } from "#domain/a.ts";`],
  };
  for (const [claim, [path, text]] of Object.entries(refused)) {
    test(`refuses ${claim}`, () => equal(breachesOf(path, text).length, 1));
  }

  test("lets a folder import itself, what its row names, and what a comment or a string merely mentions", () => {
    deepEqual(breachesOf("src/engine/a.ts", `import { b } from "./b.ts";\nimport { c } from "#engine/c.ts";`), []);
    deepEqual(breachesOf("policies/a.ts", `import { d } from "#engine/define-policy.ts";`), []);
    deepEqual(breachesOf("src/daemon/a.ts", `import { d } from "node:fs/promises";`), []);
    deepEqual(breachesOf("src/engine/a.ts", `// import { a } from "#linux/a.ts";`), []);
    deepEqual(breachesOf("src/engine/a.ts", 'const a = `from "#linux/a.ts"`;'), []);
  });
});

test("a cycle is found and named by its files", () => {
  const cycles = findCycles([
    sourceFile("src/domain/a.ts", `import type { B } from "./b.ts";`),
    sourceFile("src/domain/b.ts", `import type { C } from "#domain/c.ts";`),
    sourceFile("src/domain/c.ts", `import type { A } from "./a.ts";`),
  ]);
  deepEqual(cycles, [{ at: "src/domain/a.ts", what: "src/domain/b.ts → src/domain/c.ts" }]);
});

test("every import is one the table allows", () => allowNone(sources.flatMap(checkImports)));
test("no file imports itself by way of others", () => allowNone(findCycles(sources)));
