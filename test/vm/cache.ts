import { mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** Where packages and images are kept between runs: outside of the repository, safe to remove. */
export function cacheFolder(): string {
  const caches = process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache");
  const folder = process.env["TIDEMARK_VM_CACHE"] ?? join(caches, "tidemark-vm");
  mkdirSync(folder, { recursive: true });
  return folder;
}
