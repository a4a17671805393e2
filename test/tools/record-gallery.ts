import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { release } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Recipe } from "#test/support/gallery/recipes/recipe.ts";
import { recipes } from "#test/support/gallery/recipes/recipes.ts";
import { recordProgram } from "#test/support/gallery/record-programs.ts";
import { writeTree } from "#test/support/gallery/write-tree.ts";
import { lacksNamespaces } from "#test/support/needs.ts";
import { repositoryRoot } from "#test/support/repository.ts";

const help = `Usage: npm run gallery:record -- [NAME…]

Runs programs of Debian's packages in a pid namespace, writes down who started whom and what each holds, and ends them. The
rest of the machine is as the other machines of test/fixtures/gallery have it. An older recording of that name is replaced.

  NAME…   only the machines whose names begin so: ${recipes.map(({ name }) => name).join(", ")}
`;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { help: { type: "boolean", default: false } },
  });
  if (values.help) {
    process.stdout.write(help);
    return 0;
  }
  const isWanted = ({ name }: Recipe): boolean =>
    positionals.length === 0 || positionals.some((prefix) => name.startsWith(prefix));
  const lacks = lacksNamespaces();
  if (lacks !== false) throw new Error(`Cannot record: ${lacks}`);
  const chosen = recipes.filter(isWanted);
  for (const recipe of chosen) {
    const path = join(repositoryRoot, "test/fixtures/gallery", `${recipe.name}.tree`);
    writeFileSync(path, await record(recipe));
    process.stdout.write(`Recorded ${recipe.name}\n`);
  }
  return chosen.length === 0 ? 1 : 0;
}

/** A line that stands for a program: how deep it is, which one, and what its first processes are said to be. */
const place = /^( *)\{(\w+)\} ?(.*)$/;

async function record({ packages, head, tree, programs }: Recipe): Promise<string> {
  const origin = `recorded: ${[...packages.map(describePackage), `Linux ${release()}`].join(", ")}`;
  const lines: string[] = [];
  for (const line of tree.split("\n")) {
    const [, indent = "", program = "", words = ""] = place.exec(line) ?? [];
    const recorded = programs[program];
    if (recorded === undefined) lines.push(line);
    else lines.push(...writeTree(await recordProgram(recorded), { indent, words }));
  }
  return [head, origin, "", ...lines, ""].join("\n");
}

/** `chromium 156.0.8078.79-1`. @throws Error when it is not installed */
function describePackage(pattern: string): string {
  const { stdout } = spawnSync("dpkg-query", ["--show", pattern], { encoding: "utf8" });
  const [found = ""] = (stdout ?? "").split("\n");
  if (!/\t./.test(found)) throw new Error(`Cannot record: Debian's package ${pattern} is missing; apt-get install it`);
  return found.replace("\t", " ");
}

process.exitCode = await main();
