import { readdirSync } from "node:fs";
import type { MemcgEvents, MemcgLimits, WatchedMemcg } from "#domain/memcg.ts";
import type { Pressure } from "#domain/pressure.ts";
import { known, unavailable } from "#domain/snapshot.ts";
import { type CgroupPath, cgroupPath, type KiB, lessened } from "#domain/units.ts";
import { parseCgroupCounter, parseCgroupUsage } from "#procfs/cgroup-counter.ts";
import { parseCgroupLimit } from "#procfs/cgroup-limit.ts";
import { parseMemoryEvents } from "#procfs/memory-events.ts";
import { parseReclaimable } from "#procfs/memory-stat.ts";
import { parseOomControl } from "#procfs/oom-control.ts";
import { parsePressure } from "#procfs/pressure.ts";
import { failureOf, isAbsent, isUnsupported } from "./failure.ts";
import { type MemcgFolder, readIfPresent, readLimits } from "./memcg-reader.ts";
import type { Sensor } from "./sensor.ts";
import { matchesWildcard } from "./wildcard.ts";

/** The hierarchy that controls memory. */
interface Hierarchy {
  readonly kind: MemcgLimits["kind"];
  readonly mount: string;
}

const usageFile = { v1: "memory.usage_in_bytes", v2: "memory.current" } as const;

/**
 * Tells of those memcgs that `watch` names, each a path from the root of the hierarchy in which `*` stands for any part of one
 * name. Which ones there are is found out at each read; files are opened for each read, because a memcg may be made anew
 * under the same name.
 */
export function makeMemcgSensor({
  root,
  watch,
}: {
  readonly root: string;
  readonly watch: readonly string[];
}): Sensor<readonly WatchedMemcg[]> {
  let subject: string;

  const readAll = (): readonly WatchedMemcg[] => {
    subject = `${root}/sys/fs/cgroup`;
    const { kind, mount } = findHierarchy(root);
    const paths = new Set(watch.flatMap((pattern) => expand(mount, pattern)));
    return [...paths].flatMap((path) => {
      subject = `${mount}${path}`;
      return readFigures(cgroupPath(path), { kind, root, path: subject }) ?? [];
    });
  };

  return {
    read() {
      try {
        return known(watch.length === 0 ? [] : readAll());
      } catch (error) {
        return unavailable(failureOf(error, subject));
      }
    },
    [Symbol.dispose]() {
      // No file stays open.
    },
  };
}

/** Where every distribution mounts them; the memory controller is in one of the two only. @see cgroups(7) */
function findHierarchy(root: string): Hierarchy {
  const mount = `${root}/sys/fs/cgroup`;
  const isV1 = readIfPresent(`${mount}/memory/${usageFile.v1}`, () => true) ?? false;
  return isV1 ? { kind: "v1", mount: `${mount}/memory` } : { kind: "v2", mount };
}

/** The paths a pattern stands for. */
function expand(mount: string, pattern: string): readonly string[] {
  return pattern
    .split("/")
    .filter((name) => name !== "")
    .reduce<readonly string[]>(
      (parents, name) =>
        name.includes("*")
          ? parents.flatMap((parent) => childrenOf(mount, parent).filter((path) => isNamed(path, name)))
          : parents.map((parent) => `${parent}/${name}`),
      [""],
    );
}

const isNamed = (path: string, pattern: string): boolean =>
  matchesWildcard(path.slice(path.lastIndexOf("/") + 1), pattern);

function childrenOf(mount: string, path: string): readonly string[] {
  try {
    return readdirSync(`${mount}${path}`, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => `${path}/${name}`);
  } catch (error) {
    if (isAbsent(failureOf(error, path))) return [];
    throw error;
  }
}

/** Undefined: it is not there, or no longer. */
function readFigures(path: CgroupPath, folder: MemcgFolder): WatchedMemcg | undefined {
  const { kind } = folder;
  const limits = readLimits(folder);
  const usage = readIfPresent(`${folder.path}/${usageFile[kind]}`, parseCgroupUsage);
  const reclaimable = readIfPresent(`${folder.path}/memory.stat`, (bytes) => parseReclaimable(bytes, kind));
  const events =
    kind === "v1" ? readEventsV1(folder) : readIfPresent(`${folder.path}/memory.events`, parseMemoryEvents);
  if (limits === undefined || usage === undefined || reclaimable === undefined || events === undefined)
    return undefined;
  return {
    path,
    usage,
    swapped: readSwapped(folder),
    limits,
    high: readIfPresent(`${folder.path}/memory.high`, parseCgroupLimit),
    reclaimable,
    events,
    pressure: readPressure(folder),
  };
}

function readSwapped({ kind, path }: MemcgFolder): KiB | undefined {
  if (kind === "v2") return readIfPresent(`${path}/memory.swap.current`, parseCgroupUsage);
  const memory = readIfPresent(`${path}/${usageFile.v1}`, parseCgroupUsage);
  const both = readIfPresent(`${path}/memory.memsw.usage_in_bytes`, parseCgroupUsage);
  return memory === undefined || both === undefined ? undefined : lessened(both, memory);
}

function readEventsV1({ path }: MemcgFolder): MemcgEvents | undefined {
  const max = readIfPresent(`${path}/memory.failcnt`, parseCgroupCounter);
  const oomKill = readIfPresent(`${path}/memory.oom_control`, parseOomControl);
  return max === undefined ? undefined : { low: undefined, high: undefined, max, oom: undefined, oomKill };
}

/** Switched off with `cgroup.pressure`, or `psi=0`. */
function readPressure({ path }: MemcgFolder): Pressure | undefined {
  try {
    return readIfPresent(`${path}/memory.pressure`, parsePressure);
  } catch (error) {
    if (isUnsupported(failureOf(error, path))) return undefined;
    throw error;
  }
}
