import { identityKey } from "#domain/identity.ts";
import type { ProcessFacts } from "#domain/process.ts";
import type { ProcessChange } from "#domain/table-digest.ts";
import { add, atLeast, below, type KiB, kib, scale, subtract } from "#domain/units.ts";
import { type Judgement, withTerms } from "./appraise.ts";
import { compareTables, holds } from "./family-growth.ts";
import type { FamilyLedger } from "./family-ledger.ts";
import { cause, noticeable, seenOf } from "./guilty-family.ts";
import { firstOf } from "./judge.ts";
import type { Plan } from "./plan.ts";

/** One process that most of all growth since trouble began is due to. */
export interface LoneCause {
  readonly process: ProcessFacts;
  readonly grown: KiB;
}

/** Looks for it among those who were judged. Who was given up holds what it held: that it does is no growth. */
export function findLoneCause(
  judgements: readonly Judgement[],
  ledger: FamilyLedger | undefined,
  plan: Plan,
): LoneCause | undefined {
  if (ledger === undefined || !plan.policy.blames.growth) return undefined;
  const { come, gone } = compareTables(ledger.processes, seenOf(judgements));
  const then = new Map(gone.map((process) => [identityKey(process.identity), process]));
  return loneCauseOf(
    come.map((now) => ({ before: then.get(identityKey(now.identity)), now })),
    plan,
  );
}

/** The same by what has changed. Undefined: growth has many causes, or is what memory does anyway. */
export function loneCauseOf(changes: readonly ProcessChange[], { headroom: { low } }: Plan): LoneCause | undefined {
  let total = kib(0);
  let most: LoneCause | undefined;
  for (const { before, now } of changes) {
    const grown = subtract(holds(now), holds(before));
    if (now === undefined || grown <= 0) continue;
    total = add(total, grown);
    if (most === undefined || below(most.grown, grown)) most = { process: now, grown };
  }
  if (most === undefined || below(most.grown, scale(low, noticeable))) return undefined;
  return atLeast(most.grown, scale(total, cause)) ? most : undefined;
}

/** Counts once more what the cause of trouble took, unless it ranks first anyway: it looks twice as large as it is at the most. */
export function blameGrowth(judgements: readonly Judgement[], found: LoneCause | undefined): readonly Judgement[] {
  if (found === undefined) return judgements;
  if (firstOf(judgements)?.process === found.process) return judgements;
  const term = { name: "growth", value: found.grown };
  return judgements.map((judgement) => {
    if (judgement.kind === "ineligible" || judgement.process !== found.process) return judgement;
    const { candidate } = judgement;
    return { ...judgement, candidate: { ...candidate, badness: withTerms(candidate.badness, [term]) } };
  });
}
