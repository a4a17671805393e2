import type { Candidate } from "#domain/candidate.ts";
import type { MemorySharers } from "#domain/decision.ts";
import { compareIdentities } from "#domain/identity.ts";
import type { ProcessFacts } from "#domain/process.ts";
import type { Judgement } from "./appraise.ts";
import type { Exclusion } from "./exclusion.ts";
import { findJudged } from "./judged-by-pid.ts";

/**
 * Whether two processes could use one mm. The table is read in passing, so their figures need not be equal while they
 * grow: relatives are suspected as well. The machine asks the kernel (kcmp); a suspicion alone kills nobody.
 */
export function couldShare({ identity: { pid }, parent, comm, memory }: ProcessFacts, other: ProcessFacts): boolean {
  if (memory === undefined || other.memory === undefined) return false;
  if (other.memory.virtual === memory.virtual || other.parent === pid) return true;
  return other.identity.pid === parent || (other.parent === parent && other.comm === comm);
}

/** Reasons that say nothing against the death of a process that shares a victim's memory. */
const mayDieAlong: ReadonlySet<string> = new Set(["skipped", "no-memory"]);

/**
 * Nor does it that a process lies outside of the scope: the kernel kills all who use the mm, wherever they are, because the
 * memory would stay with them. What protects them inside protects them here.
 */
function mayDie({ why, inside }: Exclusion): boolean {
  if (why !== "out-of-scope") return mayDieAlong.has(why);
  return inside === undefined || mayDie(inside);
}

/** So many who are elder than the victim, and so many younger, are suspected at the most. */
export const suspectedOfEach = 16;

/**
 * Of those that could share a victim's memory, the nearest to it in age, the eldest first: whoever starts a process that shares does it once
 * or a few times in a row, and of ten thousand that look alike all but a few only do that. Each would be asked of the kernel before the
 * signal. Who is left out and shares keeps the memory, is found by that, and nobody dies for it who must not.
 */
export function nearestInAge(victim: ProcessFacts, suspected: readonly Judgement[]): readonly Judgement[] {
  const byAge = suspected.toSorted((a, b) => compareIdentities(a.process.identity, b.process.identity));
  const younger = byAge.findIndex(({ process }) => compareIdentities(process.identity, victim.identity) > 0);
  const at = younger < 0 ? byAge.length : younger;
  return byAge.slice(Math.max(0, at - suspectedOfEach), at + suspectedOfEach);
}

/** Who may have to die with the victim, and who must not. @see mm/oom_kill.c: __oom_kill_process ("Kill all user processes sharing victim->mm") */
export function suspectSharers(victim: Candidate, judgements: readonly Judgement[]): MemorySharers {
  const own = findJudged(judgements)(victim.identity.pid);
  if (own === undefined) return { suspects: [], protectedSuspects: [] };
  const suspected = judgements.filter((other) => other !== own && couldShare(own.process, other.process));
  return tellSharers(nearestInAge(own.process, suspected));
}

/** Who of those that could share a victim's memory has to die with it, and who must not. */
export function tellSharers(suspected: readonly Judgement[]): MemorySharers {
  const isExpendable = (judgement: Judgement) => judgement.kind === "eligible" || mayDie(judgement);
  return {
    suspects: suspected.filter(isExpendable).map(({ process }) => process.identity),
    protectedSuspects: suspected.filter((judgement) => !isExpendable(judgement)).map(({ process }) => process.identity),
  };
}
