import type { ProcessFacts } from "#domain/process.ts";
import type { TableDigest } from "#domain/table-digest.ts";
import type { Pid } from "#domain/units.ts";
import { type ByPid, type ChildrenOf, finderOf } from "./by-pid.ts";
import { onceFor } from "./once-for.ts";
import { columnsOf } from "./table-columns.ts";

/** Finds who is there now. */
export const findNow = onceFor(({ since, changes }: TableDigest): ByPid => {
  const now = new Map<Pid, ProcessFacts | undefined>();
  for (const { before } of changes) if (before !== undefined) now.set(before.identity.pid, undefined);
  for (const change of changes) if (change.now !== undefined) now.set(change.now.identity.pid, change.now);
  const then = finderOf(since);
  return (pid) => (now.has(pid) ? now.get(pid) : then(pid));
});

/** Finds whose parent somebody is now: first those who have not changed. */
export function findChildrenNow(known: TableDigest): ChildrenOf {
  const { since, changes } = known;
  const now = findNow(known);
  const { childrenOf } = columnsOf(since);
  return (parent) => [
    ...childrenOf(parent).filter((child) => now(child.identity.pid) === child),
    ...changes.flatMap((change) => (change.now?.parent === parent ? change.now : [])),
  ];
}
