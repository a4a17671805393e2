import type { Stats } from "node:fs";

/** Of whom a file is, and who may change it. */
export type Ownership = Pick<Stats, "uid" | "gid" | "mode">;

const root = 0;
const groupMayWrite = 0o020;
const anybodyMayWrite = 0o002;

/** Who, besides root and one user (root, if none is named), may change a file or put others into a folder. */
export function findStrangers({ uid, gid, mode }: Ownership, owner: number = root): string | undefined {
  if ((mode & anybodyMayWrite) !== 0) return "anybody";
  if ((mode & groupMayWrite) !== 0 && gid !== root) return `group ${gid}`;
  return uid === root || uid === owner ? undefined : `user ${uid}`;
}
