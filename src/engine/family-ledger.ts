import type { Candidate } from "#domain/candidate.ts";
import { type ProcessFacts, returnsOf } from "#domain/process.ts";
import { add, type KiB, kib, lessened, type Milliseconds, subtract } from "#domain/units.ts";
import type { FamilyName, FamilyNaming } from "./family.ts";

/** What each family would give back. */
export type FamilyHoldings = ReadonlyMap<FamilyName, KiB>;

/** What families held when trouble began: who grew since is found by comparison. */
export interface FamilyLedger {
  readonly at: Milliseconds;
  readonly held: FamilyHoldings;
}

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

/** The ledger once a member has gone: what it gave back does not make its family any less of a cause. */
export function settleFamily(
  ledger: FamilyLedger | undefined,
  { family, returns }: Candidate,
): FamilyLedger | undefined {
  if (ledger === undefined || family === undefined) return ledger;
  const { name } = family;
  return { ...ledger, held: new Map(ledger.held).set(name, subtract(ledger.held.get(name) ?? kib(0), returns)) };
}
