import type { Alarm } from "#domain/alarm.ts";
import type { Decision } from "#domain/decision.ts";
import type { OomGroup } from "#domain/oom-scope.ts";
import { knownValue } from "#domain/snapshot.ts";
import { type KiB, sum } from "#domain/units.ts";
import type { Judgement } from "./appraise.ts";
import { rankFirst } from "./judge.ts";
import { findGroup, othersIn } from "./oom-group.ts";
import { boundScope, type ScopeBounds } from "./oom-scope.ts";
import { suspectSharers } from "./sharers.ts";
import type { Context } from "./step.ts";

/** How much of the ranking a report about a kill carries. */
const rankingShown = 10;

/** Who can be chosen, and what the scope can hold. Undefined: nobody could tell who is in the memcg. */
export function boundsOf({ snapshot, memcg, meminfo, plan }: Context): ScopeBounds | undefined {
  if (memcg === undefined) return boundScope({ kind: "global" }, meminfo, plan.pageSize);
  const { path, limits } = memcg;
  const own = knownValue(snapshot.membership)?.watched.find((each) => each.path === path);
  return own && boundScope({ kind: "memcg", path, memcg: { limits, members: own.members } }, meminfo, plan.pageSize);
}

/** The memcgs that die as a whole, as far as a look could tell. */
export const groupsSeen = ({ snapshot }: Context): readonly OomGroup[] => knownValue(snapshot.membership)?.groups ?? [];

/** The decisions that begin a kill. */
export type Opening = Extract<Decision, { kind: "signal" | "adopt" }>;

/** What begins a kill, and what is to come back with it for certain. */
export interface Choice {
  readonly decision: Opening;
  readonly returns: KiB;
}

/** A look at a scope whose alarm calls for a victim. */
export interface Question extends Context {
  readonly alarm: Alarm;
}

/** Memory is on its way back already when the best candidate is dying: it is watched, and nobody is signalled. */
export function chooseVictim(judgements: readonly Judgement[], question: Question): Choice | undefined {
  const { alarm, plan } = question;
  const { ranking, eligible } = rankFirst(judgements, rankingShown);
  const [victim] = ranking;
  if (victim === undefined) return undefined;
  const own = judgements.find((judgement) => judgement.kind === "eligible" && judgement.candidate === victim);
  const sharers = suspectSharers(victim, judgements);
  if (own?.process.isDying) return { decision: { kind: "adopt", victim, sharers, alarm }, returns: victim.returns };
  const isExhausted = alarm.kind === "exhausted";
  // Without grace, asking first would only be a signal that nobody has time to hear.
  const isAsked = !isExhausted && plan.kill.termGrace > 0;
  const group = findGroup(victim.identity.pid, groupsSeen(question), question.memcg?.path);
  const others = group === undefined ? [] : othersIn(group, victim, judgements);
  return {
    decision: {
      kind: "signal",
      signal: isAsked ? "SIGTERM" : "SIGKILL",
      victim,
      reapsAtOnce: isExhausted,
      sharers,
      ...(group && { group: { path: group.path, members: others.map(({ identity }) => identity) } }),
      alarm,
      ranking,
      eligible,
    },
    returns: sum([victim, ...others].map((each) => each.returns)),
  };
}
