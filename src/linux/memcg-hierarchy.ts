import { readFileSync } from "node:fs";
import type { OomGroup } from "#domain/oom-scope.ts";
import { type CgroupPath, cgroupPath } from "#domain/units.ts";
import { type Mount, parseMountinfo } from "#procfs/mountinfo.ts";
import { parseOomGroup } from "#procfs/oom-group.ts";
import { foldersIn, listMembers, type MemcgFolder, readIfPresent } from "./memcg-reader.ts";

/** The one hierarchy of cgroups that controls memory, as it is mounted. */
export interface MemcgHierarchy {
  /** The highest cgroup that is mounted: the root, or in a container perhaps another. */
  readonly top: CgroupPath;
  /** A cgroup by its path in the hierarchy, or by its folder. Undefined: what is mounted cannot hold it. */
  pathOf(written: string): CgroupPath | undefined;
  /** Where a cgroup of it lies. Undefined: outside of what is mounted. */
  folderOf(path: CgroupPath): MemcgFolder | undefined;
  /** The names of the cgroups right below one. */
  childrenOf(path: CgroupPath): readonly string[];
  /**
   * The memcg that the kernel would kill as a whole with a member of `path`: the highest up to `domain` that is marked.
   * @see v6.12 mm/memcontrol.c: mem_cgroup_get_oom_group
   */
  findOomGroup(path: CgroupPath, domain: CgroupPath): OomGroup | undefined;
  /** All memcgs that are marked to die as a whole. */
  markedMemcgs(): readonly CgroupPath[];
}

/** The root of every hierarchy. */
export const rootMemcg = cgroupPath("/");

/** Looks for the hierarchy below a root. Undefined: none is mounted. @throws ParseError, or an error of node:fs */
export function findMemcgHierarchy(root: string): MemcgHierarchy | undefined {
  const mounts = parseMountinfo(readFileSync(`${root}/proc/self/mountinfo`));
  const v1 = mounts.findLast(({ type, options }) => type === "cgroup" && options.includes("memory"));
  const mount = v1 ?? mounts.findLast(({ type }) => type === "cgroup2");
  return mount && openHierarchy(mount, v1 === undefined ? "v2" : "v1", root);
}

function openHierarchy(mount: Mount, kind: MemcgFolder["kind"], root: string): MemcgHierarchy {
  const folderOf = (path: CgroupPath): MemcgFolder | undefined => {
    const below = stripBase(path, mount.root);
    return below === undefined ? undefined : { kind, root, path: `${root}${mount.mountPoint}${below}` };
  };
  const isOomGroup = (path: CgroupPath): boolean => {
    const folder = folderOf(path);
    return folder !== undefined && readIfPresent(`${folder.path}/memory.oom.group`, parseOomGroup) === true;
  };
  return {
    top: cgroupPath(mount.root),
    folderOf,
    pathOf(written) {
      const clean = cleaned(written);
      if (clean === undefined) return undefined;
      const below = stripBase(clean, mount.mountPoint);
      return below === undefined ? clean : joined(mount.root, below);
    },
    childrenOf(path) {
      const folder = folderOf(path);
      return folder === undefined ? [] : foldersIn(folder.path);
    },
    markedMemcgs() {
      const below = (path: CgroupPath): readonly CgroupPath[] =>
        this.childrenOf(path)
          .map((name) => memcgBelow(path, name))
          .flatMap((child) => [...(isOomGroup(child) ? [child] : []), ...below(child)]);
      return kind === "v1" ? [] : below(cgroupPath(mount.root));
    },
    findOomGroup(path, domain) {
      if (kind === "v1") return undefined;
      const marked = lineage(path).find((each) => stripBase(each, domain) !== undefined && isOomGroup(each));
      const folder = marked && folderOf(marked);
      return marked && folder && { path: marked, members: new Set(listMembers(folder.path)) };
    },
  };
}

/** Written by hand: without a slash at its end, and with one at its beginning. Nothing leads upwards. */
function cleaned(written: string): CgroupPath | undefined {
  const names = written.split("/").filter((name) => name !== "" && name !== ".");
  return names.includes("..") ? undefined : cgroupPath(`/${names.join("/")}`);
}

/** What of a path lies below a base; empty for the base itself. */
function stripBase(path: string, base: string): string | undefined {
  if (base === "/") return path === "/" ? "" : path;
  if (path === base) return "";
  return path.startsWith(`${base}/`) ? path.slice(base.length) : undefined;
}

const joined = (base: string, below: string): CgroupPath => cgroupPath(base === "/" ? below || "/" : `${base}${below}`);

/** A cgroup by its name in the one above it. */
export const memcgBelow = (parent: CgroupPath, name: string): CgroupPath => joined(parent, `/${name}`);

/** A cgroup and those above it, the highest first, without the root: it has no mark. */
export const lineage = (path: CgroupPath): readonly CgroupPath[] =>
  path
    .split("/")
    .slice(1)
    .filter((name) => name !== "")
    .map((_, at, names) => cgroupPath(`/${names.slice(0, at + 1).join("/")}`));
