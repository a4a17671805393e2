import { readFileSync, statfsSync } from "node:fs";
import type { MemoryControl, MemoryFileSystem, Surroundings } from "#domain/surroundings.ts";
import { bytes, bytesToKiB, kib, milliseconds } from "#domain/units.ts";
import { parseCgroupControllers } from "#procfs/cgroup-controllers.ts";
import { parseOpenFilesLimit } from "#procfs/limits.ts";
import { type Mount, parseMountinfo } from "#procfs/mountinfo.ts";
import { parseSwappiness } from "#procfs/swappiness.ts";
import { parseSysctl } from "#procfs/sysctl.ts";
import { ignore } from "./failure.ts";

/** How a machine is set up. What cannot be read is left out: a kernel that has no such thing is no fault of it. */
export function readSurroundings(root: string): Surroundings {
  const number = (path: string): number | undefined => readIfPossible(`${root}${path}`, parseSysctl);
  const minFree = number("/proc/sys/vm/min_free_kbytes");
  const ttl = number("/sys/kernel/mm/lru_gen/min_ttl_ms");
  const mounts = readIfPossible(`${root}/proc/self/mountinfo`, parseMountinfo) ?? [];
  return {
    memoryControl: memoryControl(root, mounts),
    minFree: minFree === undefined ? undefined : kib(minFree),
    swappiness: readIfPossible(`${root}/proc/sys/vm/swappiness`, parseSwappiness),
    lruMinTtl: ttl === undefined ? undefined : milliseconds(ttl),
    mostOpenFiles: readIfPossible(`${root}/proc/self/limits`, parseOpenFilesLimit),
    // Of a recorded tree only the mounts are known, not how full they were.
    memoryFileSystems: root === "" ? mounts.flatMap(memoryFileSystem) : [],
  };
}

/** Where both are mounted, v1 has the controller if any hierarchy of it names memory. */
function memoryControl(root: string, mounts: readonly Mount[]): MemoryControl {
  if (mounts.some(({ type, options }) => type === "cgroup" && options.includes("memory"))) return "cgroup-v1";
  const unified = mounts.findLast(({ type }) => type === "cgroup2");
  const controllers =
    unified && readIfPossible(`${root}${unified.mountPoint}/cgroup.controllers`, parseCgroupControllers);
  return controllers?.includes("memory") === true ? "cgroup-v2" : "none";
}

function memoryFileSystem({ type, mountPoint }: Mount): readonly MemoryFileSystem[] {
  if (type !== "tmpfs" && type !== "ramfs") return [];
  try {
    const { bsize, blocks, bfree } = statfsSync(mountPoint);
    const inKiB = (count: number) => bytesToKiB(bytes(count * bsize));
    return [{ mountPoint, size: inKiB(blocks), used: inKiB(blocks - bfree) }];
  } catch (error) {
    ignore(error, "a mount below another, or not ours to see, is nobody's place to write to");
    return [];
  }
}

function readIfPossible<T>(path: string, parse: (content: Uint8Array) => T): T | undefined {
  try {
    return parse(readFileSync(path));
  } catch (error) {
    return ignore(error, "what a kernel does not tell is not judged");
  }
}
