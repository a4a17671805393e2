import type { Candidate } from "#domain/candidate.ts";
import type { ProcessFacts, ProcessTable } from "#domain/process.ts";
import { add, greatest, type KiB, kib, type Milliseconds, type StartTicks, startTicks } from "#domain/units.ts";
import type { FamilyName } from "./family.ts";

/** What processes held when trouble began: which families grew since is found by comparison. */
export interface FamilyLedger {
  readonly at: Milliseconds;
  /** Who was there. */
  readonly processes: readonly ProcessFacts[];
  /** What members of families that were killed since gave back: that does not make a family any less of a cause. */
  readonly settled: ReadonlyMap<FamilyName, KiB>;
  /** Who was started last of those that were there. */
  readonly youngest: StartTicks;
  /** Of which families of newcomers one was killed since, and who was the youngest of all processes then. */
  readonly struck: ReadonlyMap<FamilyName, StartTicks>;
}

/** A ledger of what there is now. */
export const openLedger = ({ processes }: ProcessTable, at: Milliseconds): FamilyLedger => ({
  at,
  processes,
  settled: new Map(),
  youngest: youngestOf(processes),
  struck: new Map(),
});

/** When the last of some was started. */
export const youngestOf = (processes: readonly ProcessFacts[]): StartTicks =>
  processes.reduce((last, { identity }) => greatest(last, identity.startTicks), startTicks(0));

/** Notes that one of a family of newcomers is killed, lest the others are any the less. */
export const strike = (ledger: FamilyLedger, name: FamilyName, processes: readonly ProcessFacts[]): FamilyLedger =>
  ledger.struck.has(name) ? ledger : { ...ledger, struck: new Map(ledger.struck).set(name, youngestOf(processes)) };

/** The ledger once a member has gone, and who went with it. */
export function settleFamily(
  ledger: FamilyLedger | undefined,
  { family }: Candidate,
  returns: KiB,
): FamilyLedger | undefined {
  if (ledger === undefined || family === undefined) return ledger;
  const { name } = family;
  return { ...ledger, settled: new Map(ledger.settled).set(name, add(ledger.settled.get(name) ?? kib(0), returns)) };
}
