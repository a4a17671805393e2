import { compareIdentities, identityKey } from "#domain/identity.ts";
import { type ProcessFacts, returnsOf } from "#domain/process.ts";
import { add, type KiB, kib, subtract, sum } from "#domain/units.ts";
import { type FamilyName, type FamilyNaming, nameFamilies } from "./family.ts";
import type { FamilyLedger } from "./family-ledger.ts";
import { onceFor } from "./once-for.ts";

/** A family that holds more than when the ledger was opened. */
export interface FamilyGrowth {
  readonly family: FamilyName;
  readonly grown: KiB;
}

/** By how much one family grew; nothing, where nobody goes by that name. */
export const growthOf = (growths: readonly FamilyGrowth[], name: FamilyName): KiB =>
  growths.find(({ family }) => family === name)?.grown ?? kib(0);

/** By how much all of them grew. */
export const totalGrowth = (growths: readonly FamilyGrowth[]): KiB => sum(growths.map(({ grown }) => grown));

/**
 * The families that grew, of those who are seen: who came since has grown from nothing, and who went takes along what it held.
 * Only those are looked at who hold something else than then: of thousands these are few.
 * @param familyOf names who is seen
 */
export function growthsSince(
  seen: readonly ProcessFacts[],
  ledger: FamilyLedger,
  familyOf: FamilyNaming,
): readonly FamilyGrowth[] {
  const isThere = (family: FamilyName) => seen.some((process) => familyOf(process) === family);
  return growthsBy(compareTables(ledger.processes, seen), ledger, { familyOf, isThere });
}

/** How families are told apart. */
export interface FamilyRoll {
  /** Names who is seen. */
  readonly familyOf: FamilyNaming;
  /** Whether anybody of a family of which nobody changed is seen. */
  readonly isThere: (family: FamilyName) => boolean;
}

/** The same, by what has changed. */
export function growthsBy(
  { come, gone }: Difference,
  ledger: FamilyLedger,
  { familyOf, isThere }: FamilyRoll,
): readonly FamilyGrowth[] {
  const growths = new Map<FamilyName, KiB>();
  const note = (family: FamilyName, by: KiB): void => void growths.set(family, add(growths.get(family) ?? kib(0), by));
  const then = new Map(gone.map((process) => [identityKey(process.identity), process]));
  const present = new Set<FamilyName>();
  for (const process of come) {
    const key = identityKey(process.identity);
    const family = familyOf(process);
    present.add(family);
    note(family, subtract(holds(process), holds(then.get(key))));
    then.delete(key);
  }
  const familyThen = nameFamilies(ledger.processes);
  for (const process of then.values()) note(familyThen(process), subtract(kib(0), holds(process)));
  for (const [family, returned] of ledger.settled) note(family, returned);
  const isSeen = (family: FamilyName) => present.has(family) || isThere(family);
  return [...growths].flatMap(([family, grown]) => (grown > 0 && isSeen(family) ? [{ family, grown }] : []));
}

/** What comes back for certain when one of a family dies. */
export const holds = (process: ProcessFacts | undefined): KiB =>
  process?.memory === undefined ? kib(0) : returnsOf(process.memory);

/** Who changed between two lists of processes, or is in one of them only: as it is now, and as it was then. */
export interface Difference {
  readonly come: readonly ProcessFacts[];
  readonly gone: readonly ProcessFacts[];
}

/** What two tables do not have in common: found once for the two, however often it is asked. */
export const compareTables = (before: readonly ProcessFacts[], now: readonly ProcessFacts[]): Difference =>
  differencesFrom(before)(now);

const differencesFrom = onceFor((before: readonly ProcessFacts[]) =>
  onceFor((now: readonly ProcessFacts[]) => compare(before, now)),
);

/**
 * What is in one list of processes only. Both are gone through side by side: in order of age this finds all that are in
 * both and hold the same; in any other order some of them are in both answers, which comes to the same.
 */
function compare(before: readonly ProcessFacts[], now: readonly ProcessFacts[]): Difference {
  const come: ProcessFacts[] = [];
  const gone: ProcessFacts[] = [];
  let at = 0;
  for (const process of now) {
    let other = before[at];
    while (other !== undefined && other !== process && compareIdentities(other.identity, process.identity) < 0) {
      gone.push(other);
      at += 1;
      other = before[at];
    }
    const isThere = other !== undefined && compareIdentities(other.identity, process.identity) === 0;
    if (isThere) at += 1;
    if (other === process) continue;
    come.push(process);
    if (isThere && other !== undefined) gone.push(other);
  }
  return { come, gone: [...gone, ...before.slice(at)] };
}
