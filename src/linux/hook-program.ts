import { realpathSync, type Stats, statSync } from "node:fs";
import { dirname } from "node:path";
import type { SystemFailure } from "#domain/system-error.ts";
import { failureOf } from "./failure.ts";
import { findStrangers } from "./strangers.ts";
import type { User } from "./user-table.ts";

/**
 * Why a program must not be run for somebody, as things are now. Whoever may change it, or a folder above it, has what they
 * like run with the rights of that user: nobody but root and the user himself may.
 */
export function objectionToProgram(path: string, runner: User): SystemFailure | undefined {
  const object = (errno: string, advice: string): SystemFailure => ({ call: "run", errno, subject: path, advice });
  try {
    const real = realpathSync(path);
    const program = statSync(real);
    if (!program.isFile()) return object("EACCES", "Name a program: this is none");
    if (!mayExecute(program, runner)) return object("EACCES", `Let user ${runner.uid} execute it (chmod a+rx)`);
    // A link is changed by whoever may change its folder.
    const places = new Set([real, ...foldersAbove(real), ...foldersAbove(path)]);
    for (const place of places) {
      const stats = statSync(place);
      const strangers = isGuardedFolder(stats) ? undefined : findStrangers(stats, runner.uid);
      if (strangers === undefined) continue;
      const deed = `${strangers} may change ${place}, and so have anything run as user ${runner.uid}`;
      return object("EPERM", `Run chown root and chmod go-w on it: ${deed}`);
    }
    return undefined;
  } catch (error) {
    return failureOf(error, path);
  }
}

function foldersAbove(path: string): readonly string[] {
  const folder = dirname(path);
  return folder === path ? [] : [folder, ...foldersAbove(folder)];
}

/** inode(7): in such a folder only the owner of a file may replace it. */
const sticky = 0o1000;

const isGuardedFolder = (stats: Stats): boolean => stats.isDirectory() && (stats.mode & sticky) !== 0;

const anyExecute = 0o111;

/** By the mode alone: access control lists are not read. */
function mayExecute({ mode, uid, gid }: Stats, runner: User): boolean {
  if (runner.uid === 0) return (mode & anyExecute) !== 0;
  if (uid === runner.uid) return (mode & 0o100) !== 0;
  return (mode & (gid === runner.gid ? 0o010 : 0o001)) !== 0;
}
