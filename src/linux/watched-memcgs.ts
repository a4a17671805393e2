import { existsSync } from "node:fs";
import type { BranchTree } from "#domain/branch.ts";
import type { Membership, MemcgEvents, MemcgMembers, WatchedMemcg } from "#domain/memcg.ts";
import { known, type Reading, unavailable } from "#domain/snapshot.ts";
import type { CgroupPath } from "#domain/units.ts";
import { matchesWildcard } from "#domain/wildcard.ts";
import { parseCgroupCounter, parseCgroupUsage } from "#procfs/cgroup-counter.ts";
import { parseCgroupLimit } from "#procfs/cgroup-limit.ts";
import { parseMemoryEvents } from "#procfs/memory-events.ts";
import { parseReclaimable } from "#procfs/memory-stat.ts";
import { parseOomControl } from "#procfs/oom-control.ts";
import { readBranches } from "./branches.ts";
import { noReserve } from "./descriptor-reserve.ts";
import { failureOf } from "./failure.ts";
import { findMemcgHierarchy, type MemcgHierarchy, memcgBelow, rootMemcg } from "./memcg-hierarchy.ts";
import {
  listMembers,
  type MemcgFolder,
  readIfPresent,
  readLimits,
  readMemcgPressure,
  readSwapped,
  usageFile,
} from "./memcg-reader.ts";

/** What the memcgs of a machine tell of themselves. */
export interface MemcgSensor {
  /** Figures of those that the patterns name: each a path from the root of the hierarchy in which `*` stands for any part of one name. */
  read(patterns: readonly string[]): Reading<readonly WatchedMemcg[]>;
  /** Where a memcg lies. Undefined: nobody knows, or outside of what is mounted. */
  folderOf(path: CgroupPath): string | undefined;
  /** Those of some patterns with all cgroups inside. */
  readBranches(patterns: readonly string[]): Reading<readonly BranchTree[]>;
  /** Who is in them, and in those that die as a whole. */
  readMembership(look: { readonly patterns: readonly string[]; readonly isPressing: boolean }): Reading<Membership>;
}

/**
 * Looks for memcgs anew at each read, and opens their files for it, because a memcg may be made anew under the same name.
 * Where the hierarchy is mounted does not change.
 */
export function makeMemcgSensor(root: string, reserve = noReserve): MemcgSensor {
  let found: MemcgHierarchy | undefined;
  let marked: readonly CgroupPath[] | undefined;
  let subject = `${root}/proc/self/mountinfo`;

  const attempt = <T>(read: () => T): Reading<T> => {
    try {
      return known(reserve.lend(read));
    } catch (error) {
      return unavailable(failureOf(error, subject));
    }
  };

  const hierarchy = (): MemcgHierarchy | undefined => {
    found ??= findMemcgHierarchy(root);
    return found;
  };

  const named = (patterns: readonly string[]): readonly Named[] => {
    const mounted = patterns.length === 0 ? undefined : hierarchy();
    return mounted === undefined ? [] : findNamed(mounted, patterns);
  };

  const membersIn = (path: CgroupPath): readonly MemcgMembers[] => {
    const folder = hierarchy()?.folderOf(path);
    if (folder === undefined || !existsSync(folder.path)) return [];
    subject = folder.path;
    return [{ path, members: new Set(listMembers(folder.path)) }];
  };

  // To ask every memcg for its mark takes milliseconds: that is done in calm, and under pressure if nobody ever was asked.
  const groups = (isPressing: boolean): readonly MemcgMembers[] => {
    if (!isPressing || marked === undefined) marked = hierarchy()?.markedMemcgs() ?? [];
    return marked.flatMap(membersIn);
  };

  return {
    read: (patterns) =>
      attempt(() =>
        named(patterns).flatMap((memcg) => {
          subject = memcg.folder.path;
          return readFigures(memcg) ?? [];
        }),
      ),
    folderOf: (path) => found?.folderOf(path)?.path,
    readBranches: (patterns) =>
      attempt(() =>
        named(patterns).flatMap(({ path, folder }) => {
          subject = folder.path;
          const mounted = hierarchy();
          return (mounted && readBranches(mounted, path)) ?? [];
        }),
      ),
    readMembership: ({ patterns, isPressing }) =>
      attempt(() => ({
        watched: named(patterns).flatMap(({ path }) => membersIn(path)),
        groups: groups(isPressing),
      })),
  };
}

/** A memcg, and the pattern that named it first. */
interface Named {
  readonly path: CgroupPath;
  readonly named: string;
  readonly folder: MemcgFolder;
}

function findNamed(hierarchy: MemcgHierarchy, patterns: readonly string[]): readonly Named[] {
  const all = new Map<CgroupPath, Named>();
  for (const pattern of patterns) {
    for (const path of expand(hierarchy, pattern)) {
      const folder = hierarchy.folderOf(path);
      if (folder !== undefined && !all.has(path)) all.set(path, { path, named: pattern, folder });
    }
  }
  return [...all.values()];
}

/** The paths a pattern stands for; the folder of a cgroup stands for its path. */
function expand(hierarchy: MemcgHierarchy, pattern: string): readonly CgroupPath[] {
  const names = hierarchy.pathOf(pattern)?.split("/") ?? [];
  return names
    .filter((name) => name !== "")
    .reduce<readonly CgroupPath[]>(
      (parents, name) =>
        parents.flatMap((parent) => namesBelow(hierarchy, parent, name).map((each) => memcgBelow(parent, each))),
      [rootMemcg],
    );
}

const namesBelow = (hierarchy: MemcgHierarchy, parent: CgroupPath, pattern: string): readonly string[] =>
  pattern.includes("*") ? hierarchy.childrenOf(parent).filter((name) => matchesWildcard(name, pattern)) : [pattern];

/** Undefined: it is not there, or no longer. */
function readFigures({ path, named, folder }: Named): WatchedMemcg | undefined {
  const { kind } = folder;
  const limits = readLimits(folder);
  const usage = readIfPresent(`${folder.path}/${usageFile[kind]}`, parseCgroupUsage);
  const reclaimable = readIfPresent(`${folder.path}/memory.stat`, (bytes) => parseReclaimable(bytes, kind));
  const events =
    kind === "v1" ? readEventsV1(folder) : readIfPresent(`${folder.path}/memory.events`, parseMemoryEvents);
  if (limits === undefined || usage === undefined || reclaimable === undefined || events === undefined)
    return undefined;
  return {
    named,
    path,
    usage,
    swapped: readSwapped(folder),
    limits,
    high: readIfPresent(`${folder.path}/memory.high`, parseCgroupLimit),
    reclaimable,
    events,
    pressure: readMemcgPressure(folder),
  };
}

function readEventsV1({ path }: MemcgFolder): MemcgEvents | undefined {
  const max = readIfPresent(`${path}/memory.failcnt`, parseCgroupCounter);
  const oomKill = readIfPresent(`${path}/memory.oom_control`, parseOomControl);
  return max === undefined ? undefined : { low: undefined, high: undefined, max, oom: undefined, oomKill };
}
