import { readdirSync, statSync } from "node:fs";
import { lacksPrograms } from "#test/support/needs.ts";

/** Why nobody can be killed here for a bench without danger to others, or false. */
export function confinementOf(uid: number): string | false {
  if (process.platform !== "linux" || process.geteuid?.() !== 0) return "needs root, for hogs of a user of their own";
  if (isInUse(uid)) return `there are processes of user ${uid} already, and they could be chosen`;
  return lacksPrograms("python3", "setpriv");
}

const isInUse = (uid: number): boolean =>
  readdirSync("/proc").some((name) => {
    if (!/^\d+$/.test(name)) return false;
    return statSync(`/proc/${name}`, { throwIfNoEntry: false })?.uid === uid;
  });
