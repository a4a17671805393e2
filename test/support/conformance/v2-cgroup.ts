import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { type CgroupPath, cgroupPath } from "#domain/units.ts";
import { findMemcgHierarchy, type MemcgHierarchy } from "#linux/memcg-hierarchy.ts";
import { until } from "./until.ts";
import { killIfThere, membersOf, removeIfEmpty } from "./v1-cgroup.ts";

/** Where the unified hierarchy is mounted. */
const mount: string | undefined = readFileSync("/proc/mounts", "utf8")
  .split("\n")
  .map((line) => line.split(" "))
  .find(([, , type]) => type === "cgroup2")?.[1];

/** Why there can be no cgroup of version 2 of our own here that is killed at one stroke, or false. */
export function lacksV2(): string | false {
  if (process.geteuid?.() !== 0) return "needs root to make a cgroup";
  if (mount === undefined) return "no cgroup v2 here";
  try {
    const path = mkdtempSync(join(mount, "tidemark-try-"));
    try {
      readFileSync(join(path, "cgroup.freeze"));
      return false;
    } finally {
      removeIfEmpty(path);
    }
  } catch (error) {
    return `no cgroup can be made here: ${String(error)}`;
  }
}

/** A cgroup of version 2 that a test made. Whoever is in it when it is given up is killed. */
export interface V2Cgroup extends AsyncDisposable {
  readonly folder: string;
  readonly path: CgroupPath;
  /** As if this hierarchy had the memory controller, which on hybrid machines is elsewhere. */
  readonly hierarchy: MemcgHierarchy | undefined;
  read(file: string): string;
  add(pid: number | undefined): void;
  members(): readonly number[];
  /** Moves this very process into it, and says how it gets out again. */
  enter(): { leave(): void };
}

/** Makes an empty one directly below the mount. */
export function makeV2Cgroup(): V2Cgroup {
  if (mount === undefined) throw new Error("Cannot make a cgroup: there is no cgroup v2");
  const folder = mkdtempSync(join(mount, "tidemark-conformance-"));
  const root = mkdtempSync(join(tmpdir(), "tidemark-root-"));
  mkdirSync(join(root, "proc/self"), { recursive: true });
  writeFileSync(join(root, "proc/self/mountinfo"), `30 20 0:26 / ${mount} rw - cgroup2 cgroup2 rw\n`);
  symlinkSync("/sys", join(root, "sys"));
  const members = (): readonly number[] => membersOf(folder);
  return {
    folder,
    path: cgroupPath(`/${basename(folder)}`),
    hierarchy: findMemcgHierarchy(root),
    members,
    read: (file) => readFileSync(join(folder, file), "utf8"),
    add: (pid) => writeFileSync(join(folder, "cgroup.procs"), String(pid)),
    enter() {
      const own = /^0::(.*)$/m.exec(readFileSync("/proc/self/cgroup", "utf8"))?.[1] ?? "/";
      const move = (to: string): void => writeFileSync(join(to, "cgroup.procs"), String(process.pid));
      move(folder);
      return { leave: () => move(join(mount, own)) };
    },
    async [Symbol.asyncDispose]() {
      writeFileSync(join(folder, "cgroup.freeze"), "0");
      await until("all members of the cgroup have ended", () => {
        for (const member of members()) killIfThere(member);
        return removeIfEmpty(folder);
      });
      rmSync(root, { recursive: true });
    },
  };
}
