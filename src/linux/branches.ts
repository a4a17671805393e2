import type { Branch, BranchTree, IoCounts } from "#domain/branch.ts";
import { type CgroupPath, greatest, kib, least, type Pid } from "#domain/units.ts";
import { parseCgroupUsage } from "#procfs/cgroup-counter.ts";
import { parseCgroupLimit } from "#procfs/cgroup-limit.ts";
import { parseIoStat } from "#procfs/io-stat.ts";
import { parsePgscan, parseReclaimable } from "#procfs/memory-stat.ts";
import { parseOomGroup } from "#procfs/oom-group.ts";
import { type MemcgHierarchy, memcgBelow } from "./memcg-hierarchy.ts";
import { readPreference } from "./memcg-preference.ts";
import {
  listMembers,
  type MemcgFolder,
  membersOf,
  readIfPresent,
  readMemcgPressure,
  readSwapped,
  usageFile,
} from "./memcg-reader.ts";

/** A cgroup with what is inside of it, the one itself first. */
type Branches = readonly [Branch, ...Branch[]];

/** A watched memcg with all cgroups inside that the memory controller knows. @throws ParseError, or an error of node:fs */
export function readBranches(hierarchy: MemcgHierarchy, path: CgroupPath): BranchTree | undefined {
  const watched = hierarchy.folderOf(path);
  const branches = watched && readBelow(path, undefined, { hierarchy, watched });
  return branches && { path, branches };
}

interface Walk {
  readonly hierarchy: MemcgHierarchy;
  readonly watched: MemcgFolder;
}

/** Undefined: it has gone, or no memory is charged to it but to the one above it. */
function readBelow(path: CgroupPath, parent: CgroupPath | undefined, walk: Walk): Branches | undefined {
  const folder = walk.hierarchy.folderOf(path);
  const usage = folder && readIfPresent(`${folder.path}/${usageFile[folder.kind]}`, parseCgroupUsage);
  if (folder === undefined || usage === undefined) return undefined;
  const inner: Branch[] = [];
  const members = new Set<Pid>(membersOf(folder.path));
  for (const name of walk.hierarchy.childrenOf(path)) {
    const child = memcgBelow(path, name);
    const below = readBelow(child, path, walk);
    inner.push(...(below ?? []));
    for (const member of below?.[0].members ?? strayMembers(walk.hierarchy, child)) members.add(member);
  }
  const own: Branch = {
    path,
    ...(parent !== undefined && { parent }),
    members,
    usage,
    ...readFigures(folder, usage),
    preference: readPreference(folder.path, walk.watched.path),
  };
  return [own, ...inner];
}

/** Of cgroups below one that has no memory controller: they are charged to it. */
function strayMembers(hierarchy: MemcgHierarchy, path: CgroupPath): readonly Pid[] {
  const folder = hierarchy.folderOf(path);
  return folder === undefined ? [] : listMembers(folder.path);
}

type Figures = Omit<Branch, "path" | "parent" | "members" | "usage" | "preference">;

function readFigures(folder: MemcgFolder, usage: Branch["usage"]): Figures {
  const { kind, path } = folder;
  const isV2 = kind === "v2";
  return {
    reclaimable: readIfPresent(`${path}/memory.stat`, (bytes) => parseReclaimable(bytes, kind)) ?? kib(0),
    swapped: readSwapped(folder),
    promised: isV2 ? least(usage, greatest(readPromise(path, "min", usage), readPromise(path, "low", usage))) : kib(0),
    stalled: readMemcgPressure(folder)?.full.total,
    pgscan: isV2 ? readIfPresent(`${path}/memory.stat`, parsePgscan) : undefined,
    io: isV2 ? readIfPresent(`${path}/io.stat`, (bytes) => addUp(parseIoStat(bytes))) : undefined,
    diesWhole: isV2 && readIfPresent(`${path}/memory.oom.group`, parseOomGroup) === true,
  };
}

/** A device on another counts for both: what is told is what was asked for at all of them. */
function addUp(devices: readonly Partial<IoCounts>[]): IoCounts {
  const total = (count: keyof IoCounts) => devices.reduce((sum, device) => sum + (device[count] ?? 0), 0);
  return {
    readBytes: total("readBytes"),
    writtenBytes: total("writtenBytes"),
    discardedBytes: total("discardedBytes"),
    reads: total("reads"),
    writes: total("writes"),
    discards: total("discards"),
  };
}

/** `max` promises all that it uses. */
function readPromise(path: string, name: "min" | "low", usage: Branch["usage"]): Branch["usage"] {
  const promise = readIfPresent(`${path}/memory.${name}`, (bytes) => ({ amount: parseCgroupLimit(bytes) }));
  return promise === undefined ? kib(0) : (promise.amount ?? usage);
}
