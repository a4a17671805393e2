import type { Alarm } from "#domain/alarm.ts";
import type { BranchChoice } from "#domain/branch.ts";
import type { Candidate } from "#domain/candidate.ts";
import type { Decision, MemorySharers } from "#domain/decision.ts";
import type { OomGroup } from "#domain/oom-scope.ts";
import type { ProcessTable } from "#domain/process.ts";
import { knownValue } from "#domain/snapshot.ts";
import { type KiB, type Milliseconds, sum } from "#domain/units.ts";
import { programFor } from "./ask-by-program.ts";
import { type Leaders, rankFirst } from "./judge.ts";
import { findJudged } from "./judged-by-pid.ts";
import type { KillManner } from "./kill-manner.ts";
import type { Blame, KillUnit } from "./kill-unit.ts";
import { findGroup, othersIn } from "./oom-group.ts";
import { boundScope, type ScopeBounds } from "./oom-scope.ts";
import { suspectSharers } from "./sharers.ts";
import type { Context } from "./step.ts";
import type { Swept } from "./sweep.ts";

/** How much of the ranking a report about a kill carries. */
export const rankingShown = 10;

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
  /** From asking to SIGKILL. */
  readonly grace: Milliseconds;
  /** Who dies as well when it is born later. Undefined: nobody. */
  readonly sweeps: Swept | undefined;
  readonly returns: KiB;
}

/** A look at a scope whose alarm calls for a victim. */
export interface Question extends Context {
  readonly alarm: Alarm;
}

/** What is chosen from. */
export interface Seen {
  readonly table: ProcessTable;
  readonly bounds: ScopeBounds;
}

/** Who goes first, and with whom. */
export function chooseVictim(
  { judgements, unitOf, branch }: Blame & { readonly branch?: BranchChoice },
  question: Question,
): Choice | undefined {
  const { ranking, eligible } = rankFirst(judgements, rankingShown);
  const [victim] = ranking;
  if (victim === undefined) return undefined;
  const own = findJudged(judgements)(victim.identity.pid);
  const isDying = own?.process.isDying ?? false;
  const isStopped = own?.process.state === "stopped";
  const manner = own?.kind === "eligible" ? own.manner : {};
  const unit = isDying ? undefined : unitFor(victim, { judgements, unitOf, branch }, question);
  const sharers = suspectSharers(victim, judgements);
  const leaders = { ranking, eligible };
  return openKill(
    { victim, isDying, isStopped, manner, ...leaders, sharers, unit, ...(branch && { branch }) },
    question,
  );
}

/** Where a cgroup was chosen, that is what goes: marks inside of it were part of the choice. */
function unitFor(
  victim: Candidate,
  { judgements, unitOf, branch }: Blame & { readonly branch: BranchChoice | undefined },
  question: Question,
): KillUnit | undefined {
  if (branch !== undefined) return unitOf(victim);
  return findMarked(victim, judgements, question) ?? unitOf(victim);
}

/** Somebody who is to go, and what is known of it. */
export interface Chosen extends Leaders {
  readonly victim: Candidate;
  readonly isDying: boolean;
  readonly isStopped: boolean;
  readonly manner: KillManner;
  readonly sharers: MemorySharers;
  readonly unit: KillUnit | undefined;
  readonly branch?: BranchChoice;
}

/** How a kill begins. Memory is on its way back already when the best candidate is dying: it is watched, and nobody is signalled. */
export function openKill(chosen: Chosen, { alarm, plan }: Question): Choice {
  const { victim, isDying, isStopped, manner, ranking, eligible, sharers, unit, branch } = chosen;
  const grace = manner.grace ?? plan.kill.termGrace;
  if (isDying) {
    return { decision: { kind: "adopt", victim, sharers, alarm }, grace, sweeps: undefined, returns: victim.returns };
  }
  const isExhausted = alarm.kind === "exhausted";
  // Without grace, asking first would only be a signal that nobody has time to hear. A storm would fork on while it is asked.
  const isStorm = unit?.isStorm ?? false;
  // Who is stopped cannot hear it either; others of its unit can.
  const isDeaf = isStopped && unit === undefined;
  const isAsked = !isExhausted && grace > 0 && !isStorm && !isDeaf;
  const program = isAsked ? programFor(manner, grace, plan.notify) : undefined;
  return {
    decision: {
      kind: "signal",
      signal: isAsked ? (manner.signal ?? "SIGTERM") : "SIGKILL",
      victim,
      ...(program && { program }),
      reapsAtOnce: isExhausted,
      sharers,
      ...(unit && { group: unit.group }),
      ...(branch && { branch }),
      alarm,
      ranking,
      eligible,
    },
    grace,
    sweeps: unit?.sweeps,
    returns: sum([victim, ...(unit?.others ?? [])].map((each) => each.returns)),
  };
}

/** The others of a memcg that is marked to die as a whole. It comes before any family: its mark was written, a family is our guess. */
function findMarked(victim: Candidate, judgements: Blame["judgements"], question: Question): KillUnit | undefined {
  const marked = findGroup(victim.identity.pid, groupsSeen(question), question.memcg?.path);
  if (marked === undefined) return undefined;
  const others = othersIn(marked, victim, judgements);
  const members = others.map(({ identity }) => identity);
  return { isStorm: false, others, group: { kind: "memcg", path: marked.path, members } };
}
