import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { readFromHost } from "./host.ts";
import { folderIn, newestPackage, unpackPackage } from "./packages.ts";

/** Releases of Linux that Debian 12 has packages of. */
export const kernelSeries = ["6.12", "6.1"] as const;

/** One of them. */
export type KernelSeries = (typeof kernelSeries)[number];

/** A kernel that a guest can boot. */
export interface Kernel {
  /** As uname says it. */
  readonly release: string;
  readonly image: string;
  /** What has to be loaded, in this order. */
  readonly modules: readonly KernelModule[];
}

/** A part of a kernel that is loaded when it runs. */
export interface KernelModule {
  readonly name: string;
  readonly content: Buffer;
}

/** What it takes to find the disks, to report, and to make zram. What a kernel has built in is no file: 6.1 has virtio as modules, 6.12 has not. */
const wantedModules = ["virtio_pci", "virtio_blk", "virtio_console", "lzo_rle", "zram"];

/** Debian's kernel for virtual machines. @throws Error when it cannot be had */
export function fetchKernel(series: KernelSeries): Kernel {
  const beginning = `linux-image-${series}.`;
  const tree = unpackPackage(newestPackage(beginning, /-cloud-amd64-unsigned$/));
  const releases = folderIn(tree, "lib/modules");
  const [release = ""] = readdirSync(releases);
  const modules = readModules(join(releases, release));
  return { release, image: join(tree, "boot", `vmlinuz-${release}`), modules };
}

const packed = /\.ko(\.xz)?$/;

function readModules(folder: string): readonly KernelModule[] {
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => packed.test(file));
  const pathOf = new Map(files.map((file) => [moduleName(file), join(folder, file)]));
  return inOrder(wantedModules, (name) => {
    const path = pathOf.get(name);
    return path === undefined ? undefined : { name, content: readModule(path) };
  });
}

/** As the kernel calls it, and others that need it do. */
const moduleName = (path: string): string => basename(path).replace(packed, "").replaceAll("-", "_");

/** Modules and all that they need, each after what it needs; a release may move a symbol from one to another. */
export function inOrder(
  wanted: readonly string[],
  read: (name: string) => KernelModule | undefined,
): readonly KernelModule[] {
  const ordered = new Map<string, KernelModule>();
  const add = (name: string): void => {
    const module = ordered.has(name) ? undefined : read(name);
    if (module === undefined) return;
    for (const needed of needsOf(module)) add(needed);
    ordered.set(name, module);
  };
  wanted.forEach(add);
  return [...ordered.values()];
}

/** It says so itself, in its section `.modinfo`. */
function needsOf({ content }: KernelModule): readonly string[] {
  const [, names = ""] = /\0depends=([^\0]*)\0/.exec(content.toString("latin1")) ?? [];
  return names.split(",").filter(Boolean).map(moduleName);
}

const readModule = (path: string): Buffer =>
  path.endsWith(".xz") ? readFromHost("xz", ["--decompress", "--stdout", path]) : readFileSync(path);
