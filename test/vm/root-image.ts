import { spawnSync } from "node:child_process";
import { chmodSync, copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { repositoryRoot } from "#test/support/repository.ts";
import { runHost } from "./host.ts";
import { busyboxPath } from "./initramfs.ts";
import { unpackInto } from "./packages.ts";

/** Programs of the host that run in the guest, with the libraries they name, and where they lie there. Node may lie anywhere. */
const hostPrograms = [
  { path: process.execPath, copy: "/usr/bin/node" },
  { path: "/usr/bin/perl", copy: "/usr/bin/perl" },
];
/** Perl's own modules, those of Debian's smallest perl. */
const perlModules = "/usr/lib/x86_64-linux-gnu/perl-base";
const guestFolders = ["proc", "sys", "dev", "tmp", "run", "bin", "data", "vm", "etc/tidemark"];
const sizeMiB = 512;

/** Puts a file of the host into a tree, at the same place unless another is said, and unless there is one. */
export function copyInto(tree: string, path: string, copy = path): void {
  const target = join(tree, copy);
  if (existsSync(target)) return;
  mkdirSync(dirname(target), { recursive: true });
  copyFileSync(path, target);
}

/** The libraries a program of this host names. */
export const librariesOf = (program: string): readonly string[] =>
  runHost("ldd", [program])
    .split("\n")
    .flatMap((line) => /(?:=> )?(\/\S+) \(0x/.exec(line)?.[1] ?? []);

/** What `npm pack` would ship, and the packages it needs: into `/opt/tidemark` of a tree. */
export function copyShippedBuild(tree: string): void {
  const home = join(tree, "opt", "tidemark");
  const manifest = readFileSync(join(repositoryRoot, "package.json"), "utf8");
  const { files }: { readonly files: readonly string[] } = JSON.parse(manifest);
  for (const path of [...files, "package.json"]) {
    cpSync(join(repositoryRoot, path), join(home, path), { recursive: true });
  }
  // `npm ls` grumbles about what is extraneous; its list is right all the same.
  const listing = ["ls", "--omit=dev", "--all", "--parseable"];
  const { stdout } = spawnSync("npm", listing, { cwd: repositoryRoot, encoding: "utf8" });
  for (const path of stdout.split("\n").filter((line) => line.includes("/node_modules/"))) {
    cpSync(path, join(home, relative(repositoryRoot, path)), { recursive: true });
  }
}

function copySystem(tree: string, binaries: readonly string[]): void {
  for (const folder of guestFolders) mkdirSync(join(tree, folder), { recursive: true });
  copyFileSync(busyboxPath(), join(tree, "bin", "busybox"));
  for (const { path, copy } of hostPrograms) copyInto(tree, path, copy);
  const programs = [...hostPrograms.map(({ path }) => path), ...binaries.map((path) => join(tree, path))];
  for (const path of programs.flatMap(librariesOf)) copyInto(tree, path);
  cpSync(perlModules, join(tree, perlModules), { recursive: true });
}

function copyGuestPrograms(tree: string): void {
  const source = join(repositoryRoot, "test/vm/guest");
  cpSync(source, join(tree, "vm"), { recursive: true });
  copyFileSync(join(source, "init"), join(tree, "init"));
  chmodSync(join(tree, "init"), 0o755);
}

/** What lies on a root disk besides what all have. */
export interface RootContents {
  /** Packages of the distribution. */
  readonly packages: readonly string[];
  /** Of their files, those whose libraries are the host's. */
  readonly binaries?: readonly string[];
}

/** Makes a root disk with tidemark as it is built now, in a folder. @returns its image */
export function makeRootImage(folder: string, { packages, binaries = [] }: RootContents): string {
  const tree = mkdtempSync(join(folder, "root-"));
  unpackInto(tree, packages);
  copySystem(tree, binaries);
  copyShippedBuild(tree);
  copyGuestPrograms(tree);
  const image = `${tree}.img`;
  const features = ["-q", "-t", "ext4", "-O", "^has_journal", "-E", "root_owner=0:0"];
  runHost("mke2fs", [...features, "-d", tree, image, `${sizeMiB}M`]);
  rmSync(tree, { recursive: true });
  return image;
}
