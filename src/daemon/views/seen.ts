import type { Meminfo } from "#domain/meminfo.ts";
import type { ProcessTable } from "#domain/process.ts";
import type { FactName, Reading, Snapshot } from "#domain/snapshot.ts";
import { SystemError } from "#domain/system-error.ts";
import { totalMemory } from "#engine/headroom.ts";
import type { JudgementBasis } from "#engine/judge.ts";

/** The facts a look needs for somebody to ask who it would be. */
export const rankingNeeds: readonly FactName[] = ["meminfo", "processes"];

/** The facts a look needs to be compared with the watermarks. */
export const statusNeeds: readonly FactName[] = ["meminfo", "pressure", "swaps", "processes"];

/** What a ranking is made of. */
export interface Seen {
  readonly meminfo: Meminfo;
  readonly table: ProcessTable;
  /** Nobody is skipped, and there is no alarm: somebody only asks. */
  readonly basis: JudgementBasis;
}

/** Takes a snapshot apart. @throws SystemError when a sensor failed */
export function takeApart(snapshot: Snapshot): Seen {
  const meminfo = insist(snapshot.meminfo, "meminfo");
  const table = insist(snapshot.processes, "processes");
  return { meminfo, table, basis: { total: totalMemory(meminfo), alarm: undefined, skipped: new Set() } };
}

/** The value of a fact. @throws SystemError when its sensor failed; Error when nobody asked for it */
export function insist<T>(reading: Reading<T> | undefined, fact: FactName): T {
  if (reading === undefined) throw new Error(`Cannot show ${fact}: the look did not ask for it`);
  if (reading.kind === "unavailable") throw new SystemError(reading.failure);
  return reading.value;
}
