import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { renderExample } from "#config/example.ts";
import { renderReference } from "#config/reference.ts";
import { renderScenarioReference } from "#daemon/scenario/scenario-reference.ts";
import { renderFaultReference } from "#test/support/fault-reference.ts";

const usage = `Usage: npm run docs [-- --check]

Writes the documents that are made from the code: packaging/tidemark.toml, packaging/settings.md,
packaging/scenarios.md, packaging/faults.md.
  --check  writes nothing; exits with 1 when one of them is stale
`;

/** The compiled tool lies in dist/packaging/tools. */
const root = new URL("../../../", import.meta.url);

const documents = [
  { path: "packaging/tidemark.toml", text: renderExample() },
  { path: "packaging/settings.md", text: renderReference() },
  { path: "packaging/scenarios.md", text: renderScenarioReference() },
  { path: "packaging/faults.md", text: renderFaultReference() },
];

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(fileURLToPath(new URL(path, root)), "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

const stale = documents.filter(({ path, text }) => readIfThere(path) !== text);

if (process.argv.includes("--help")) {
  process.stdout.write(usage);
} else if (process.argv.includes("--check")) {
  for (const { path } of stale) process.stderr.write(`${path} is stale: run "npm run docs" and commit it\n`);
  process.exitCode = stale.length === 0 ? 0 : 1;
} else {
  for (const { path, text } of stale) writeFileSync(fileURLToPath(new URL(path, root)), text);
  process.stdout.write(`${stale.length} of ${documents.length} documents were stale and have been written\n`);
}
