import type { Candidate } from "#domain/candidate.ts";
import { type ProcessFacts, type ProcessTable, returnsOf } from "#domain/process.ts";
import {
  add,
  greatest,
  type KiB,
  kib,
  lessened,
  type Milliseconds,
  type StartTicks,
  startTicks,
  subtract,
} from "#domain/units.ts";
import { type FamilyName, type FamilyNaming, nameFamilies } from "./family.ts";

/** What each family would give back. */
export type FamilyHoldings = ReadonlyMap<FamilyName, KiB>;

/** What families held when trouble began: who grew since is found by comparison. */
export interface FamilyLedger {
  readonly at: Milliseconds;
  readonly held: FamilyHoldings;
  /** Who was started last of those that were there. */
  readonly youngest: StartTicks;
  /** Of which families of newcomers one was killed since, and who was the youngest of all processes then. */
  readonly struck: ReadonlyMap<FamilyName, StartTicks>;
}

/** A ledger of what there is now. */
export const openLedger = ({ processes }: ProcessTable, at: Milliseconds): FamilyLedger => ({
  at,
  held: addUpFamilies(processes, nameFamilies(processes)),
  youngest: youngestOf(processes),
  struck: new Map(),
});

/** When the last of some was started. */
export const youngestOf = (processes: readonly ProcessFacts[]): StartTicks =>
  processes.reduce((last, { identity }) => greatest(last, identity.startTicks), startTicks(0));

/** Notes that one of a family of newcomers is killed, lest the others are any the less. */
export const strike = (ledger: FamilyLedger, name: FamilyName, processes: readonly ProcessFacts[]): FamilyLedger =>
  ledger.struck.has(name) ? ledger : { ...ledger, struck: new Map(ledger.struck).set(name, youngestOf(processes)) };

/** Adds up what each family would give back. */
export function addUpFamilies(processes: readonly ProcessFacts[], familyOf: FamilyNaming): FamilyHoldings {
  const held = new Map<FamilyName, KiB>();
  for (const process of processes) {
    if (process.memory === undefined) continue;
    const family = familyOf(process);
    held.set(family, add(held.get(family) ?? kib(0), returnsOf(process.memory)));
  }
  return held;
}

/** By how much a family holds more than in the ledger; one that was not there then has grown from nothing. */
export const grownSince = ({ held }: FamilyLedger, now: FamilyHoldings, family: FamilyName): KiB =>
  lessened(now.get(family) ?? kib(0), held.get(family) ?? kib(0));

/** The ledger once a member has gone, and who went with it: what it gave back does not make its family any less of a cause. */
export function settleFamily(
  ledger: FamilyLedger | undefined,
  { family }: Candidate,
  returns: KiB,
): FamilyLedger | undefined {
  if (ledger === undefined || family === undefined) return ledger;
  const { name } = family;
  return { ...ledger, held: new Map(ledger.held).set(name, subtract(ledger.held.get(name) ?? kib(0), returns)) };
}
