import { readdirSync, readFileSync } from "node:fs";
import type { Memcg, MemcgLimits } from "#domain/memcg.ts";
import type { Pressure } from "#domain/pressure.ts";
import { type KiB, lessened, type Pid } from "#domain/units.ts";
import { parseCgroupUsage } from "#procfs/cgroup-counter.ts";
import { parseCgroupLimit } from "#procfs/cgroup-limit.ts";
import { parseCgroupProcs } from "#procfs/cgroup-procs.ts";
import { parsePressure } from "#procfs/pressure.ts";
import { parseSwappiness } from "#procfs/swappiness.ts";
import { failureOf, isAbsent, isUnsupported } from "./failure.ts";

/** A cgroup in its hierarchy. */
export interface MemcgFolder {
  readonly kind: MemcgLimits["kind"];
  /** Where it is mounted: `/sys/fs/cgroup/memory/app`. */
  readonly path: string;
  /** Where `/proc` is looked for; empty for this machine. */
  readonly root: string;
}

/** A memcg as it is now. Undefined: there is none at that place. @throws ParseError, or an error of node:fs */
export function readMemcg(folder: MemcgFolder): Memcg | undefined {
  const limits = readLimits(folder);
  return limits && { limits, members: new Set(listMembers(folder.path)) };
}

/** What a memcg may hold. Undefined: there is none at that place. @throws ParseError, or an error of node:fs */
export const readLimits = (folder: MemcgFolder): MemcgLimits | undefined =>
  folder.kind === "v1" ? readLimitsV1(folder) : readLimitsV2(folder);

function readLimitsV1({ path }: MemcgFolder): MemcgLimits | undefined {
  const memory = readIfPresent(`${path}/memory.limit_in_bytes`, told(parseCgroupLimit));
  const swappiness = readIfPresent(`${path}/memory.swappiness`, parseSwappiness);
  if (memory === undefined || swappiness === undefined) return undefined;
  // Without swap accounting (swapaccount=0) there is no such file, and no such limit.
  const memoryAndSwap = readIfPresent(`${path}/memory.memsw.limit_in_bytes`, parseCgroupLimit);
  return { kind: "v1", memory: memory.limit, memoryAndSwap, swappiness };
}

/** Cgroup v2 knows one swappiness, that of the machine. @see v6.12 include/linux/swap.h: mem_cgroup_swappiness */
function readLimitsV2({ path, root }: MemcgFolder): MemcgLimits | undefined {
  const memory = readIfPresent(`${path}/memory.max`, told(parseCgroupLimit));
  const swappiness = readIfPresent(`${root}/proc/sys/vm/swappiness`, parseSwappiness);
  if (memory === undefined || swappiness === undefined) return undefined;
  const swap = readIfPresent(`${path}/memory.swap.max`, parseCgroupLimit);
  return { kind: "v2", memory: memory.limit, swap, swappiness };
}

/** Tells a file without a limit from one that is not there. */
const told =
  <T>(parse: (bytes: Uint8Array) => T) =>
  (bytes: Uint8Array): { readonly limit: T } => ({ limit: parse(bytes) });

/** What a file of a memcg tells. Undefined: it is not there, or the memcg went meanwhile. @throws ParseError, or an error of node:fs */
export function readIfPresent<T>(path: string, parse: (bytes: Uint8Array) => T): T | undefined {
  try {
    return parse(readFileSync(path));
  } catch (error) {
    if (isAbsent(failureOf(error, path))) return undefined;
    throw error;
  }
}

/** All members, those of the cgroup itself before those below it. @throws ParseError, or an error of node:fs */
export function listMembers(path: string): readonly Pid[] {
  return [...membersOf(path), ...foldersIn(path).flatMap((name) => listMembers(`${path}/${name}`))];
}

/** Those of a cgroup itself. The processes of a threaded cgroup are told by the one above it, which is their domain. @see cgroups(7) */
export function membersOf(path: string): readonly Pid[] {
  try {
    return readIfPresent(`${path}/cgroup.procs`, parseCgroupProcs) ?? [];
  } catch (error) {
    if (isUnsupported(failureOf(error, path))) return [];
    throw error;
  }
}

/** The names of the cgroups right below a folder. @throws an error of node:fs */
export function foldersIn(path: string): readonly string[] {
  try {
    return readdirSync(path, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
  } catch (error) {
    if (isAbsent(failureOf(error, path))) return [];
    throw error;
  }
}

/** Where a memcg tells all that is charged to it. */
export const usageFile = { v1: "memory.usage_in_bytes", v2: "memory.current" } as const;

/** What of a memcg is in swap. Undefined: it does not tell. @throws ParseError, or an error of node:fs */
export function readSwapped({ kind, path }: MemcgFolder): KiB | undefined {
  if (kind === "v2") return readIfPresent(`${path}/memory.swap.current`, parseCgroupUsage);
  const memory = readIfPresent(`${path}/${usageFile.v1}`, parseCgroupUsage);
  const both = readIfPresent(`${path}/memory.memsw.usage_in_bytes`, parseCgroupUsage);
  return memory === undefined || both === undefined ? undefined : lessened(both, memory);
}

/** Undefined: v1, or switched off with `cgroup.pressure` or `psi=0`. @throws ParseError, or an error of node:fs */
export function readMemcgPressure({ path }: MemcgFolder): Pressure | undefined {
  try {
    return readIfPresent(`${path}/memory.pressure`, parsePressure);
  } catch (error) {
    if (isUnsupported(failureOf(error, path))) return undefined;
    throw error;
  }
}
