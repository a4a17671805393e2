import type { Candidate } from "#domain/candidate.ts";
import type { Decision } from "#domain/decision.ts";
import { identityKey } from "#domain/identity.ts";
import type { Milliseconds } from "#domain/units.ts";
import { diff, unchanged } from "./delta.ts";

/** Where a replay is not what was recorded. */
export type Difference = {
  readonly at: Milliseconds;
} /** Other facts were asked for, or at another time: what is recorded is not quite what would have been seen. */ & (
  | { readonly kind: "looked-otherwise" }
  /** The same is done to the same process, for other reasons. */
  | { readonly kind: "reasoned-otherwise"; readonly made: Decision; readonly recorded: Decision }
  | { readonly kind: "not-recorded"; readonly made: Decision }
  | { readonly kind: "not-made"; readonly recorded: Decision }
);

/**
 * Whether two decisions are the same in everything that both say: in a hurry the daemon ranks no further than is certain, and a replay,
 * which is in none, ranks on.
 */
export function isSameDecision(a: Decision, b: Decision): boolean {
  const ranked = Math.min(rankingOf(a).length, rankingOf(b).length);
  return diff(cutRanking(a, ranked), cutRanking(b, ranked)) === unchanged;
}

const rankingOf = (decision: Decision): readonly Candidate[] => (decision.kind === "signal" ? decision.ranking : []);

const cutRanking = (decision: Decision, length: number): Decision =>
  decision.kind === "signal" ? { ...decision, ranking: decision.ranking.slice(0, length) } : decision;

/** Whether two decisions do the same to the same process, or ask the same of the same giver. */
export const isSameAct = (a: Decision, b: Decision): boolean => actKey(a) === actKey(b);

/** What is done to whom. */
function actKey(decision: Decision): string {
  switch (decision.kind) {
    case "signal":
      return `${decision.program?.name ?? decision.signal} ${identityKey(decision.victim.identity)}`;
    case "escalate":
      return `${decision.signal ?? "SIGKILL"} ${identityKey(decision.victim.identity)}`;
    case "adopt":
      return `adopt ${identityKey(decision.victim.identity)}`;
    case "reap":
    case "release":
      return `${decision.kind} ${identityKey(decision.victim)}`;
    case "enlist":
      return `enlist ${decision.givers.map(({ name }) => name).join()}`;
    case "ask":
    case "dismiss":
      return `${decision.kind} ${decision.giver.name}`;
  }
}
