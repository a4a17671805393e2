/*
 * 4721
 * 4722
 *
 * kernel/cgroup/cgroup.c: cgroup_procs_show() prints them as they joined, cgroup-v1.c: cgroup_pidlist_show() sorted by pid. A
 * process outside of our pid namespace is 0.
 */
import { type Pid, pid } from "#domain/units.ts";
import { cursorOver, expectEndOfLine, isAtEnd, readUnsigned, skipLine } from "./scanner.ts";

/** Who is in a cgroup, without those who have no pid here. @throws ParseError */
export function parseCgroupProcs(bytes: Uint8Array): readonly Pid[] {
  const cursor = cursorOver("cgroup.procs", bytes);
  const members: Pid[] = [];
  while (!isAtEnd(cursor)) {
    const number = readUnsigned(cursor);
    expectEndOfLine(cursor);
    skipLine(cursor);
    if (number > 0) members.push(pid(number));
  }
  return members;
}
