import { identityKey } from "#domain/identity.ts";
import type { ProcessFacts } from "#domain/process.ts";
import { type CgroupPath, initPid, type Pid } from "#domain/units.ts";

/** Which family: equal names mean the same family, at this look and at the next. */
export type FamilyName = string;

/** Says of every process to which family it belongs. */
export type FamilyNaming = (process: ProcessFacts) => FamilyName;

/**
 * Names families. Whoever runs in a scope or service of its own belongs to that: systemd made it for one
 * application. Everybody else belongs to the copies of one program that one parent started, with the copies these started.
 */
export function nameFamilies(processes: readonly ProcessFacts[]): FamilyNaming {
  const byPid = new Map(processes.map((process) => [process.identity.pid, process]));
  const units = new Map<CgroupPath, string | undefined>();
  const firsts = new Map<Pid, ProcessFacts>();
  return (process) => {
    const { cgroup } = process.traits;
    if (cgroup !== undefined && !units.has(cgroup)) units.set(cgroup, unitOf(cgroup));
    const unit = cgroup && units.get(cgroup);
    return unit ?? nameBySiblings(firstCopy(process, byPid, firsts));
  };
}

const isUnit = (segment: string): boolean => segment.endsWith(".scope") || segment.endsWith(".service");

/** Units in which applications that have nothing to do with each other run side by side. @see systemd.special(7), pam_systemd(8) */
const isShared = (unit: string): boolean =>
  unit === "init.scope" || unit.startsWith("session-") || unit.startsWith("user@");

/** The path of the innermost unit; what is below it was delegated to the same application. */
function unitOf(cgroup: CgroupPath): string | undefined {
  const segments = cgroup.split("/");
  const at = segments.findLastIndex(isUnit);
  const unit = segments[at];
  return unit === undefined || isShared(unit) ? undefined : segments.slice(0, at + 1).join("/");
}

/** The eldest ancestor that is reached through copies of the same program only; each way is gone once, however deep. */
function firstCopy(
  process: ProcessFacts,
  byPid: ReadonlyMap<Pid, ProcessFacts>,
  firsts: Map<Pid, ProcessFacts>,
): ProcessFacts {
  const way: Pid[] = [];
  let first = process;
  for (let next: ProcessFacts | undefined = process; next !== undefined; next = parentCopy(next, byPid)) {
    const known = firsts.get(next.identity.pid);
    first = known ?? next;
    if (known !== undefined) break;
    // A table that is read in passing may show a circle of parents: it ends here.
    firsts.set(next.identity.pid, next);
    way.push(next.identity.pid);
  }
  for (const pid of way) firsts.set(pid, first);
  return first;
}

function parentCopy(
  { parent, comm, uid }: ProcessFacts,
  byPid: ReadonlyMap<Pid, ProcessFacts>,
): ProcessFacts | undefined {
  const found = parent === undefined ? undefined : byPid.get(parent);
  return found?.comm === comm && found.uid === uid ? found : undefined;
}

/** Init is everybody's parent in the end: its children are no siblings. */
const nameBySiblings = ({ parent, comm, uid, identity }: ProcessFacts): string =>
  parent === undefined || parent === initPid ? identityKey(identity) : `${parent} ${uid} ${comm}`;
