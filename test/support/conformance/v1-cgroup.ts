import { mkdtempSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Pid, pid } from "#domain/units.ts";
import { until } from "./until.ts";

/** A cgroup of version 1 that a test made. Whoever is in it when it is given up is killed. */
export interface V1Cgroup extends AsyncDisposable {
  /** Its folder. */
  readonly path: string;
  read(file: string): string;
  write(file: string, text: string): void;
  members(): readonly Pid[];
}

/** Where a controller of version 1 is mounted. */
function mountOf(controller: string): string | undefined {
  for (const line of readFileSync("/proc/mounts", "utf8").split("\n")) {
    const [, folder, type, options = ""] = line.split(" ");
    if (type === "cgroup" && options.split(",").includes(controller)) return folder;
  }
  return undefined;
}

/** Why there can be no cgroup of our own here, or false. */
export function lacksV1(controller: string): string | false {
  if (process.geteuid?.() !== 0) return "needs root to make a cgroup";
  const mount = mountOf(controller);
  if (mount === undefined) return `no ${controller} controller of cgroup v1 here`;
  try {
    rmdirSync(mkdtempSync(join(mount, "tidemark-try-")));
    return false;
  } catch (error) {
    return `no cgroup can be made here: ${codeOf(error)}`;
  }
}

/** Makes an empty one directly below the mount. */
export function makeV1Cgroup(controller: "memory" | "freezer"): V1Cgroup {
  const mount = mountOf(controller);
  if (mount === undefined) throw new Error(`Cannot make a cgroup: ${controller} is not mounted`);
  const path = mkdtempSync(join(mount, "tidemark-conformance-"));
  const read = (file: string): string => readFileSync(join(path, file), "utf8");
  const write = (file: string, text: string): void => writeFileSync(join(path, file), text);
  const members = (): readonly Pid[] => membersOf(path);
  return {
    path,
    read,
    write,
    members,
    async [Symbol.asyncDispose]() {
      if (controller === "freezer") write("freezer.state", "THAWED");
      await until("all members of the cgroup have ended", () => {
        for (const member of members()) killIfThere(member);
        return removeIfEmpty(path);
      });
    },
  };
}

/** Who is in a cgroup. */
export const membersOf = (path: string): readonly Pid[] =>
  readFileSync(join(path, "cgroup.procs"), "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => pid(Number(line)));

/** Kills a member, if it has not ended meanwhile. */
export function killIfThere(member: number): void {
  try {
    process.kill(member, "SIGKILL");
  } catch (error) {
    if (codeOf(error) !== "ESRCH") throw error;
  }
}

/** A member on its way out keeps the cgroup busy. */
export function removeIfEmpty(path: string): boolean {
  try {
    rmdirSync(path);
    return true;
  } catch (error) {
    if (codeOf(error) === "EBUSY") return false;
    throw error;
  }
}

const codeOf = (error: unknown): unknown => (error instanceof Error && "code" in error ? error.code : undefined);
