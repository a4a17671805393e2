import { identityKey } from "#domain/identity.ts";
import type { ProcessFacts } from "#domain/process.ts";
import { isUnit } from "#domain/systemd-unit.ts";
import { type CgroupPath, initPid, type Pid } from "#domain/units.ts";
import { type ByPid, finderOf } from "./by-pid.ts";
import { onceFor } from "./once-for.ts";

/** Which family: equal names mean the same family, at this look and at the next. */
export type FamilyName = string;

/** Says of every process to which family it belongs. */
export type FamilyNaming = (process: ProcessFacts) => FamilyName;

/**
 * Names families. Whoever runs in a scope or service of its own belongs to that: systemd made it for one
 * application. Everybody else belongs to the copies of one program that one parent started, with the copies these started.
 */
export const nameFamilies: (processes: readonly ProcessFacts[]) => FamilyNaming = onceFor(
  (processes: readonly ProcessFacts[]): FamilyNaming => nameFamiliesBy(finderOf(processes)),
);

/** The same where processes are found by their pid. */
export function nameFamiliesBy(byPid: ByPid): FamilyNaming {
  const firsts = new Map<Pid, ProcessFacts>();
  return (process) => {
    const names = namesOf(process);
    return names.unit ?? namesOf(firstCopy(process, byPid, firsts)).siblings;
  };
}

/** What a process and those it started can be called by. */
interface Names {
  /** Undefined: it has no unit of its own. */
  readonly unit: FamilyName | undefined;
  readonly siblings: FamilyName;
}

const namesOf = onceFor(
  (process: ProcessFacts): Names => ({ unit: unitOf(process.traits.cgroup), siblings: nameBySiblings(process) }),
);

/** Units in which applications that have nothing to do with each other run side by side. @see systemd.special(7), pam_systemd(8) */
const isShared = (unit: string): boolean =>
  unit === "init.scope" || unit.startsWith("session-") || unit.startsWith("user@");

/** The path of the innermost unit, where it is of one application; what is below it was delegated to the same application. */
export function unitOf(cgroup: CgroupPath | undefined): string | undefined {
  if (cgroup === undefined) return undefined;
  const segments = cgroup.split("/");
  const at = segments.findLastIndex(isUnit);
  const unit = segments[at];
  return unit === undefined || isShared(unit) ? undefined : segments.slice(0, at + 1).join("/");
}

/** The eldest ancestor that is reached through copies of the same program only; each way is gone once, however deep. */
function firstCopy(process: ProcessFacts, byPid: ByPid, firsts: Map<Pid, ProcessFacts>): ProcessFacts {
  // Most have no copy for a parent.
  if (parentCopy(process, byPid) === undefined) return process;
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

function parentCopy({ parent, comm, uid }: ProcessFacts, byPid: ByPid): ProcessFacts | undefined {
  const found = parent === undefined ? undefined : byPid(parent);
  return found?.comm === comm && found.uid === uid ? found : undefined;
}

/** Init is everybody's parent in the end: its children are no siblings. */
const nameBySiblings = ({ parent, comm, uid, identity }: ProcessFacts): string =>
  parent === undefined || parent === initPid ? identityKey(identity) : `${parent} ${uid} ${comm}`;
