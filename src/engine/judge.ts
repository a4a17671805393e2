import type { Alarm } from "#domain/alarm.ts";
import type { Badness, Candidate, ScoreTerm } from "#domain/candidate.ts";
import { compareIdentities, type IdentityKey } from "#domain/identity.ts";
import { type ProcessFacts, type ProcessTable, returnsOf } from "#domain/process.ts";
import { add, type KiB, type Pid, percentOf, scale, sum } from "#domain/units.ts";
import type { Scope, ScoredProcess } from "./define-policy.ts";
import { ancestorsOf, type EligibilityBasis, type Exclusion, findExclusion } from "./eligibility.ts";
import type { Plan } from "./plan.ts";
import { matchRule, type Rule } from "./rule.ts";

/** What one process looks like to the engine. */
export type Judgement = { readonly process: ProcessFacts } & (
  | { readonly kind: "eligible"; readonly candidate: Candidate; readonly leanings: readonly Rule[] }
  | ({ readonly kind: "ineligible" } & Exclusion)
);

/** What a judgement depends on besides table and plan. */
export interface JudgementBasis {
  /** RAM and swap, or what the scope can hold. */
  readonly total: KiB;
  /** Of the scope, when it is not the whole machine. */
  readonly members?: ReadonlySet<Pid>;
  readonly alarm: Alarm | undefined;
  readonly skipped: ReadonlySet<IdentityKey>;
}

const hasMemory = (process: ProcessFacts): process is ScoredProcess => process.memory !== undefined;

const isLeaning = ({ verdict }: Rule): boolean => verdict === "prefer" || verdict === "avoid";

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

/** Judges every process of a table, in the table's order. */
export function judge(table: ProcessTable, basis: JudgementBasis, plan: Plan): readonly Judgement[] {
  const scope: Scope = { total: basis.total, pageSize: plan.pageSize, alarm: basis.alarm };
  const weight = percentOf(plan.preference, basis.total);
  const eligibility: EligibilityBasis = {
    self: table.self,
    ancestors: ancestorsOf(table.self, table),
    members: basis.members,
    skipped: basis.skipped,
    protecting: plan.rules.filter(({ verdict }) => verdict === "never"),
    confining: plan.rules.filter(({ verdict }) => verdict === "only"),
  };
  const leaning = plan.rules.filter(isLeaning);
  return table.processes.map((process): Judgement => {
    const exclusion = findExclusion(process, eligibility);
    if (exclusion !== undefined) return { kind: "ineligible", process, ...exclusion };
    if (!hasMemory(process)) return { kind: "ineligible", process, why: "no-memory" };
    const leanings = leaning.filter((rule) => matchRule(rule, process) === "yes");
    const badness = withTerms(plan.policy.score(process, scope), preferenceTerms(leanings, weight));
    return { kind: "eligible", process, leanings, candidate: makeCandidate(process, badness) };
  });
}

/**
 * The eligible of a judgement, the first victim first. Among equals the youngest goes first, as in the kernel since 5.3,
 * so that the order is total and does not depend on the order of the table.
 * @see KERNEL: mm/oom_kill.c: oom_evaluate_task ("if (points < oc->chosen_points) goto next")
 */
export function rank(judgements: readonly Judgement[]): readonly Candidate[] {
  return judgements
    .flatMap((judgement) => (judgement.kind === "eligible" ? [judgement.candidate] : []))
    .toSorted((a, b) => b.badness.total - a.badness.total || compareIdentities(b.identity, a.identity));
}
