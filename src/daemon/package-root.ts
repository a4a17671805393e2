import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const isNamed = (value: unknown, name: string): boolean =>
  typeof value === "object" && value !== null && "name" in value && value.name === name;

function isOurs(folder: string): boolean {
  const manifest = join(folder, "package.json");
  return existsSync(manifest) && isNamed(JSON.parse(readFileSync(manifest, "utf8")), "tidemark");
}

/** The folder tidemark is installed in: the same from the sources and from what was built of them. @throws Error when it is nowhere above */
export function packageRoot(from: string = dirname(fileURLToPath(import.meta.url))): string {
  if (isOurs(from)) return from;
  const above = dirname(from);
  if (above === from)
    throw new Error("Cannot find the folder tidemark is installed in: no package.json of it above its code");
  return packageRoot(above);
}

/** As `package.json` has it. */
export function packageVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(join(packageRoot(), "package.json"), "utf8"));
  const hasVersion = typeof manifest === "object" && manifest !== null && "version" in manifest;
  return hasVersion && typeof manifest.version === "string" ? manifest.version : "unknown";
}
