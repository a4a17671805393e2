import type { Candidate, GuiltyFamily } from "#domain/candidate.ts";
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
  /** Of families of newcomers that lost one since: how many of them that and later losses would have left, had nobody been born. */
  readonly left: ReadonlyMap<FamilyName, number>;
}

/** A ledger of what there is now. */
export const openLedger = ({ processes }: Pick<ProcessTable, "processes">, at: Milliseconds): FamilyLedger => ({
  at,
  processes,
  settled: new Map(),
  youngest: youngestOf(processes),
  left: new Map(),
});

/** When the last of some was started. */
export const youngestOf = (processes: readonly ProcessFacts[]): StartTicks =>
  processes.reduce((last, { identity }) => greatest(last, identity.startTicks), startTicks(0));

/** Notes how many newcomers a family has when the first of them is killed. */
export const strike = (ledger: FamilyLedger, { name, young }: GuiltyFamily): FamilyLedger =>
  young === undefined || ledger.left.has(name) ? ledger : { ...ledger, left: new Map(ledger.left).set(name, young) };

/** Who has gone, and how many and how much went with it, itself included. */
export interface Loss {
  readonly victim: Candidate;
  readonly dying: number;
  readonly returns: KiB;
}

/** The ledger once a member has gone. */
export function settleFamily(
  ledger: FamilyLedger | undefined,
  { victim: { family }, dying, returns }: Loss,
): FamilyLedger | undefined {
  if (ledger === undefined || family === undefined) return ledger;
  const { name } = family;
  const settled = new Map(ledger.settled).set(name, add(ledger.settled.get(name) ?? kib(0), returns));
  const remained = ledger.left.get(name);
  if (remained === undefined) return { ...ledger, settled };
  return { ...ledger, settled, left: new Map(ledger.left).set(name, remained - dying) };
}
