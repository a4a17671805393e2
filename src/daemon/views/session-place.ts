import { unitIn } from "#domain/systemd-unit.ts";
import type { CgroupPath } from "#domain/units.ts";

/**
 * The part of a cgroup path that tells of a session: the slice that systemd keeps for it, the scope of a login, or else the unit.
 * Undefined: none does.
 */
export const sessionPlace = (cgroup: CgroupPath): string | undefined =>
  cgroup.split("/").find((part) => part === "session.slice" || /^session-.+\.scope$/.test(part)) ?? unitIn(cgroup);
