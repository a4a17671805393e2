import { statSync } from "node:fs";
import type { MemcgPreference } from "#domain/branch.ts";
import { readXattr } from "#native-bindings/xattr.ts";
import { failureOf, ignore } from "./failure.ts";

/** The words of systemd for true; what it does not know is no wish. @see systemd src/basic/parse-util.c: parse_boolean */
const yes: ReadonlySet<string> = new Set(["1", "yes", "y", "true", "t", "on"]);

/** From the strongest on: whoever wants a cgroup left alone is heard before whoever wants it gone. */
const wishes = ["omit", "prefer", "avoid"] as const;

/**
 * What whoever made a cgroup wants to become of it: `oomd_omit`, `oomd_prefer` and `oomd_avoid`, which is what ManagedOOMPreference=
 * of a unit sets. `trusted.` ones are root's. `user.` ones can be set by whoever owns the cgroup, and count where that is root or
 * who owns the watched one: a user may choose among his own cgroups, and not have another's chosen instead.
 * @see systemd src/oom/oomd-util.c: oomd_fetch_cgroup_oom_preference
 */
export function readPreference(folder: string, watched: string): MemcgPreference {
  const namespaces = isHeard(folder, watched) ? ["trusted", "user"] : ["trusted"];
  return wishes.find((wish) => namespaces.some((namespace) => wants(folder, `${namespace}.oomd_${wish}`))) ?? "none";
}

const wants = (folder: string, name: string): boolean => {
  try {
    return yes.has((readXattr(folder, name) ?? "").trim().replace(/\0$/, "").toLowerCase());
  } catch (error) {
    ignore(error, "a wish that cannot be read is none: it may have gone with the cgroup");
    return false;
  }
};

function isHeard(folder: string, watched: string): boolean {
  try {
    const owner = statSync(folder).uid;
    return owner === root || owner === statSync(watched).uid;
  } catch (error) {
    failureOf(error, folder);
    return false;
  }
}

const root = 0;
