import { equal, match } from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { repositoryRoot } from "#test/support/repository.ts";

/** Compiles one text as a file of this folder, with the options of the build. */
function compile(text: string): { readonly status: number | null; readonly output: string } {
  const folder = mkdtempSync(join(repositoryRoot, "dist", "proof-"));
  try {
    writeFileSync(join(folder, "proof.ts"), text);
    const config = {
      extends: "../../tsconfig.json",
      include: ["proof.ts"],
      exclude: [],
      compilerOptions: { rootDir: "../..", noEmit: true },
    };
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
    const tsc = join(repositoryRoot, "node_modules", "typescript", "bin", "tsc");
    const { status, stdout } = spawnSync(process.execPath, [tsc, "-p", folder], { encoding: "utf8" });
    return { status, output: stdout };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const units = `import { add, kib, pages } from "#domain/units.ts";\n`;

test("the build accepts a sum of one unit", () => {
  equal(compile(`${units}add(pages(1), pages(1));\nadd(kib(1), kib(1));`).status, 0);
});

test("the build refuses a sum of two units", () => {
  const { status, output } = compile(`${units}add(kib(1), pages(1));`);
  equal(status, 1);
  match(output, /Pages/);
});

test("the build refuses a proof that proves nothing", () => {
  const { status, output } = compile(`${units}// @ts-expect-error\nadd(kib(1), kib(1));`);
  equal(status, 1);
  match(output, /Unused '@ts-expect-error' directive/);
});
