import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder } from "./cache.ts";
import { runHost } from "./host.ts";

function keptPackages(): string {
  const folder = join(cacheFolder(), "packages");
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** Those that can be downloaded: some names are only spoken of by other packages. */
function downloadable(beginning: string, pattern: RegExp): readonly string[] {
  const names = runHost("apt-cache", ["pkgnames", beginning])
    .split("\n")
    .filter((name) => pattern.test(name));
  if (names.length === 0) return [];
  return runHost("apt-cache", ["policy", ...names])
    .split(/\n(?=\S)/)
    .filter((about) => /^ {2}Candidate: \d/m.test(about))
    .map((about) => about.slice(0, about.indexOf(":")));
}

/** The newest package whose name fits, of the distribution or of those that are kept. @throws Error when there is none */
export function newestPackage(beginning: string, pattern: RegExp): string {
  const kept = readdirSync(keptPackages()).filter((name) => name.startsWith(beginning) && pattern.test(name));
  const known = [...downloadable(beginning, pattern), ...kept];
  const newest = known.sort((a, b) => a.localeCompare(b, "en", { numeric: true })).at(-1);
  if (newest !== undefined) return newest;
  throw new Error(`Cannot find a package ${beginning}…: run apt-get update, on Debian 12 or newer`);
}

/**
 * A package of the distribution, unpacked and not installed: once, then kept.
 * @returns its folder
 * @throws Error when it can be had neither from the network nor from the cache
 */
export function unpackPackage(name: string): string {
  const unpacked = join(keptPackages(), name);
  if (existsSync(unpacked)) return unpacked;
  const work = mkdtempSync(join(cacheFolder(), "unpacking-"));
  try {
    // The sandbox's user may not write into a folder of ours. Whoever has no network is told so soon.
    const options = ["APT::Sandbox::User=root", "Acquire::http::Timeout=20", "Acquire::Retries=1"];
    runHost("apt-get", ["download", "-qq", ...options.flatMap((option) => ["-o", option]), name], work);
    const archive = readdirSync(work).find((file) => file.endsWith(".deb"));
    if (archive === undefined) throw new Error(`Cannot download ${name}: apt-get left no file`);
    runHost("dpkg-deb", ["--extract", archive, "tree"], work);
    keep(join(work, "tree"), unpacked);
  } finally {
    rmSync(work, { recursive: true });
  }
  return unpacked;
}

/** Two runs may unpack the same package at the same time; the first one wins. */
function keep(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if (!existsSync(to)) throw error;
  }
}

/** A folder of a package, which newer distributions have below `/usr`. @throws Error when it has none */
export function folderIn(tree: string, name: string): string {
  const found = [join(tree, name), join(tree, "usr", name)].find((path) => existsSync(path));
  if (found !== undefined) return found;
  throw new Error(`Cannot find ${name} in ${tree}: the package is not laid out as those of Debian 12 and 13`);
}

/** Puts packages into a tree of folders that is to be a guest's. */
export function unpackInto(tree: string, names: readonly string[]): void {
  for (const name of names) cpSync(unpackPackage(name), tree, { recursive: true, verbatimSymlinks: true });
}
