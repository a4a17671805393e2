import type { OomScope } from "#domain/oom-scope.ts";
import type { ProcessTable } from "#domain/process.ts";
import type { FactName, Reading, Snapshot } from "#domain/snapshot.ts";
import { SystemError } from "#domain/system-error.ts";
import type { Bytes } from "#domain/units.ts";
import type { JudgementBasis } from "#engine/judge.ts";
import { boundScope } from "#engine/oom-scope.ts";

/** The facts a look needs for somebody to ask who it would be. */
export const rankingNeeds: readonly FactName[] = ["meminfo", "processes"];

/** What a ranking is made of. */
export interface Seen {
  readonly table: ProcessTable;
  /** Nobody is skipped, and there is no alarm: somebody only asks. */
  readonly basis: JudgementBasis;
}

/** Takes a snapshot apart, for an OOM of a scope. @throws SystemError when a sensor failed */
export function takeApart(snapshot: Snapshot, scope: OomScope, pageSize: Bytes): Seen {
  const meminfo = insist(snapshot.meminfo, "meminfo");
  const table = insist(snapshot.processes, "processes");
  return { table, basis: { ...boundScope(scope, meminfo, pageSize), skipped: new Set() } };
}

/** The value of a fact. @throws SystemError when its sensor failed; Error when nobody asked for it */
export function insist<T>(reading: Reading<T> | undefined, fact: FactName): T {
  if (reading === undefined) throw new Error(`Cannot show ${fact}: the look did not ask for it`);
  if (reading.kind === "unavailable") throw new SystemError(reading.failure);
  return reading.value;
}
