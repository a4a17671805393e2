import { readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

/** The top folder of the checkout, seen from the compiled tests. */
export const repositoryRoot = fileURLToPath(new URL("../../..", import.meta.url));

/** Files below a folder of the checkout, relative to its top, sorted. */
export const filesBelow = (folder: string): readonly string[] =>
  readdirSync(join(repositoryRoot, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(repositoryRoot, join(entry.parentPath, entry.name)))
    .sort();
