import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { type Identity, identityKey } from "#domain/identity.ts";
import { type CgroupPath, oomScoreAdjMin, type Pid } from "#domain/units.ts";
import { failureOf, ignore, isAbsent } from "./failure.ts";
import { findUntouchable } from "./guard.ts";
import type { MemcgHierarchy } from "./memcg-hierarchy.ts";
import { listMembers } from "./memcg-reader.ts";
import type { ProcessFiles } from "./process-files.ts";
import { readOomScoreAdj, readStat } from "./process-reader.ts";

/** A memcg that is to die at one stroke, whoever is born in it meanwhile. */
export interface WholeMemcg {
  /** What became of it. `unsupported`: cgroup v1, or before Linux 5.14. `refused`: somebody is in it who was not decided upon. */
  kill(): "killed" | "unsupported" | "refused";
}

/** Who may be in it, and where it is looked for. */
export interface WholeMemcgOptions {
  readonly hierarchy: () => MemcgHierarchy | undefined;
  readonly files: ProcessFiles;
  /** The victim and those that die with it: whoever of them had to be spared is not among them. */
  readonly held: readonly Identity[];
}

/**
 * Makes a memcg that can be killed as a whole. All that are held have their signal already: this is for those that were born since.
 * It is frozen while it is looked at, so that it does not fork on between the look and the blow; to be frozen keeps nobody from dying.
 *
 *     we                                  the memcg
 *     cgroup.procs: are we in it?         (who freezes itself thaws nobody)
 *     cgroup.freeze = 1                   nobody runs on
 *     cgroup.procs: is anybody in it who came from elsewhere?
 *     cgroup.kill = 1                     all die, and whoever was being forked
 *     cgroup.freeze = 0                   whoever is put into it later runs (unless somebody else has frozen it)
 *
 * @see Documentation/admin-guide/cgroup-v2.rst: cgroup.kill (since 5.14), cgroup.freeze (since 5.2)
 */
export function makeWholeMemcg(path: CgroupPath, options: WholeMemcgOptions): WholeMemcg {
  return {
    kill() {
      try {
        const folder = options.hierarchy()?.folderOf(path);
        const isSupported = folder?.kind === "v2" && existsSync(`${folder.path}/cgroup.kill`);
        return isSupported ? strike(folder.path, options) : "unsupported";
      } catch (error) {
        if (isAbsent(failureOf(error, path))) return "killed";
        ignore(error, "all that are held have their signal, and who was born since is found at the next look");
        return "unsupported";
      }
    },
  };
}

function strike(folder: string, options: WholeMemcgOptions): "killed" | "refused" {
  const untouchable = findUntouchable(options.files);
  if (listMembers(folder).some((pid) => untouchable.has(pid))) return "refused";
  const isRunning = readFileSync(`${folder}/cgroup.freeze`, "latin1").trim() === "0";
  if (isRunning) freeze(folder, "1");
  try {
    if (!listMembers(folder).every(belongsTo(options))) return "refused";
    writeFileSync(`${folder}/cgroup.kill`, "1");
    return "killed";
  } finally {
    if (isRunning) freeze(folder, "0");
  }
}

function freeze(folder: string, state: "0" | "1"): void {
  try {
    writeFileSync(`${folder}/cgroup.freeze`, state);
  } catch (error) {
    ignore(error, "it goes as fast as it forks then, and the kernel kills those that are being forked");
  }
}

/** Tells whether somebody is held, or was born in it since: whoever is as old as they are came from elsewhere, or was spared. */
function belongsTo({ held, files }: WholeMemcgOptions): (pid: Pid) => boolean {
  const known = new Set(held.map(identityKey));
  return (pid) => {
    const identity = readStat(files, pid)?.identity;
    if (identity === undefined || known.has(identityKey(identity))) return true;
    if (readOomScoreAdj(files, pid) === oomScoreAdjMin) return false;
    return held.every(({ startTicks }) => identity.startTicks >= startTicks);
  };
}
