import type { Badness, Candidate, ScoreTerm } from "#domain/candidate.ts";
import { type ProcessFacts, returnsOf } from "#domain/process.ts";
import { add, atLeast, type KiB, percentOf, scale, sum } from "#domain/units.ts";
import type { BoundPolicy, ScoredProcess } from "./define-policy.ts";
import { findExclusion, type Surroundings } from "./eligibility.ts";
import type { Exclusion } from "./exclusion.ts";
import { standingOf } from "./guard/session-guard.ts";
import { type KeptAnswers, keepAnswers } from "./kept-answers.ts";
import type { KillManner } from "./kill-manner.ts";
import { onceFor } from "./once-for.ts";
import type { Plan } from "./plan.ts";
import type { Rule } from "./rule.ts";
import { rulerOf } from "./ruling.ts";

/** What one process looks like to the engine. */
export type Judgement = { readonly process: ProcessFacts } & (
  | {
      readonly kind: "eligible";
      readonly candidate: Candidate;
      readonly leanings: readonly Rule[];
      readonly asksKin: boolean;
      readonly manner: KillManner;
    }
  | ({ readonly kind: "ineligible" } & Exclusion)
);

/** Somebody who can be chosen. */
export type Eligible = Extract<Judgement, { kind: "eligible" }>;

/** Who was judged, in the same order. */
export const processesOf: (judgements: readonly Judgement[]) => readonly ProcessFacts[] = onceFor(
  (judgements: readonly Judgement[]) => judgements.map(({ process }) => process),
);

/** What an appraisal depends on besides the process. */
export interface Standards extends Surroundings, Pick<Plan, "policy" | "preference" | "pageSize"> {
  /** RAM and swap, or what the scope can hold. */
  readonly total: KiB;
}

/** Judges a process by what stays from look to look. */
export function appraise(process: ProcessFacts, standards: Standards): Judgement {
  const exclusion = findExclusion(process, standards);
  if (exclusion !== undefined) return { kind: "ineligible", process, ...exclusion };
  if (!hasMemory(process)) return { kind: "ineligible", process, why: "no-memory" };
  const { rules, circumstances, policy, preference, total, pageSize } = standards;
  const { leanings, manner } = rulerOf(rules)(process, circumstances);
  const score = policy.score(process, { total, pageSize });
  const badness = withTerms(score, [
    ...firstTerms(leanings, process, total),
    ...preferenceTerms(leanings, percentOf(preference, total)),
  ]);
  const asksKin = standards.isGuarding && standingOf(process).asksKin;
  return { kind: "eligible", process, leanings, manner, asksKin, candidate: makeCandidate(process, badness) };
}

/** Appraises all processes of a table; who is the same object as in the table before is not appraised again. */
export function appraiseAll(processes: readonly ProcessFacts[], standards: Standards): readonly Judgement[] {
  const { policy } = standards;
  const before = latest.get(policy);
  const isSame = before !== undefined && areSame(before.standards, standards);
  const kept = isSame ? before : { standards, answer: keepAnswers((process) => appraise(process, standards)) };
  latest.set(policy, kept);
  return kept.answer(processes);
}

/** By the policy, which is the same object until settings are read again. */
const latest = new WeakMap<BoundPolicy, { readonly standards: Standards; readonly answer: KeptAnswers<Judgement> }>();

const areSame = (a: Standards, b: Standards): boolean =>
  a.total === b.total &&
  a.rules === b.rules &&
  a.circumstances === b.circumstances &&
  a.preference === b.preference &&
  a.pageSize === b.pageSize &&
  a.self === b.self &&
  a.isGuarding === b.isGuarding &&
  a.ancestors.size === b.ancestors.size &&
  [...a.ancestors].every((ancestor) => b.ancestors.has(ancestor));

const hasMemory = (process: ProcessFacts): process is ScoredProcess => process.memory !== undefined;

/** More than anything else can make of a score: memory and a nudge, oom_score_adj, a preference, each of them RAM and swap at most. */
const aheadOfAll = 16;
/** Who gives back less of RAM and swap is of no use: the next look would have to kill again. */
const leastUse = 1 / 500;

/** What none of those gives back who are of no use, so that `first` says nothing about them. */
export const leastUseOf = (total: KiB): KiB => scale(total, leastUse);

/** What no score without it comes near to. */
export const firstTerm = (total: KiB): ScoreTerm => ({ name: "first", value: scale(total, aheadOfAll) });

function firstTerms(leanings: readonly Rule[], { memory }: ScoredProcess, total: KiB): readonly ScoreTerm[] {
  const isFirst = leanings.some(({ verdict }) => verdict === "first") && atLeast(returnsOf(memory), leastUseOf(total));
  return isFirst ? [firstTerm(total)] : [];
}

/** A preference is a term beside what was measured; it never alters a measurement. */
function preferenceTerms(leanings: readonly Rule[], weight: KiB): readonly ScoreTerm[] {
  return [
    ...(leanings.some(({ verdict }) => verdict === "prefer") ? [{ name: "prefer", value: weight }] : []),
    ...(leanings.some(({ verdict }) => verdict === "avoid") ? [{ name: "avoid", value: scale(weight, -1) }] : []),
  ];
}

/** A badness with more terms. */
export function withTerms(badness: Badness, terms: readonly ScoreTerm[]): Badness {
  if (terms.length === 0) return badness;
  return { total: add(badness.total, sum(terms.map(({ value }) => value))), terms: [...badness.terms, ...terms] };
}

function makeCandidate(process: ScoredProcess, badness: Badness): Candidate {
  const { identity, comm, uid, oomScoreAdj, memory, traits } = process;
  return {
    identity,
    comm,
    uid,
    cgroup: traits.cgroup,
    oomScoreAdj,
    rss: memory.rss,
    swap: memory.swap,
    returns: returnsOf(memory),
    badness,
  };
}
