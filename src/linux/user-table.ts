import { readFileSync } from "node:fs";
import { type Uid, uid } from "#domain/units.ts";

/** Whom a program can be run as. */
export interface User {
  readonly uid: Uid;
  /** The number of its own group. */
  readonly gid: number;
}

const line = /^([^:]*):[^:]*:(\d+):(\d+):/;

/**
 * A user of this machine by name. Users that only a directory service knows are not found: asking it takes as long as its
 * network does.
 * @see passwd(5)
 */
export const findUser = (name: string): User | undefined => findUserIn(readFileSync("/etc/passwd", "utf8"), name);

/** The first line of that name, as for the C library. Lines of another form are left out. */
export function findUserIn(passwd: string, name: string): User | undefined {
  for (const entry of passwd.split("\n")) {
    const [, found, userId, groupId] = line.exec(entry) ?? [];
    if (found === name) return { uid: uid(Number(userId)), gid: Number(groupId) };
  }
  return undefined;
}
