import type { Badness, Candidate, ScoreTerm } from "#domain/candidate.ts";
import { type ProcessFacts, returnsOf } from "#domain/process.ts";
import { add, type KiB, percentOf, scale, sum } from "#domain/units.ts";
import type { ScoredProcess } from "./define-policy.ts";
import { type Exclusion, excludeByNature } from "./eligibility.ts";
import type { Plan } from "./plan.ts";
import type { Rule } from "./rule.ts";
import { rulerOf } from "./ruling.ts";

/** What one process looks like to the engine. */
export type Judgement = { readonly process: ProcessFacts } & (
  | { readonly kind: "eligible"; readonly candidate: Candidate; readonly leanings: readonly Rule[] }
  | ({ readonly kind: "ineligible" } & Exclusion)
);

/** What is to be said of a process at any look, by what it is and by the rules. */
export interface Appraisal {
  readonly judgement: Judgement;
  /** Undefined: nothing speaks against it. */
  readonly exclusion: Exclusion | undefined;
}

/** What an appraisal depends on besides the process. */
export interface Standards extends Pick<Plan, "rules" | "policy" | "preference" | "pageSize"> {
  /** RAM and swap, or what the scope can hold. */
  readonly total: KiB;
}

/**
 * Appraises a process, or remembers how it did: of thousands only a few change between two looks, and who did not change is
 * the same object in a table that is kept current. Several scopes may ask in turn, so that the last answer is kept.
 */
export function appraise(process: ProcessFacts, standards: Standards): Appraisal {
  const known = appraised.get(process);
  if (known !== undefined && areSame(known.standards, standards)) return known.appraisal;
  const appraisal = appraiseAnew(process, standards);
  appraised.set(process, { standards, appraisal });
  return appraisal;
}

const appraised = new WeakMap<ProcessFacts, { readonly standards: Standards; readonly appraisal: Appraisal }>();

const areSame = (a: Standards, b: Standards): boolean =>
  a === b ||
  (a.total === b.total &&
    a.rules === b.rules &&
    a.policy === b.policy &&
    a.preference === b.preference &&
    a.pageSize === b.pageSize);

function appraiseAnew(process: ProcessFacts, standards: Standards): Appraisal {
  const why = excludeByNature(process);
  if (why !== undefined || !hasMemory(process)) return exclude(process, { why: why ?? "no-memory" });
  const { rules, policy, preference, total, pageSize } = standards;
  const ruling = rulerOf(rules)(process);
  if (ruling.kind === "excluded") return exclude(process, ruling.exclusion);
  const { leanings } = ruling;
  const score = policy.score(process, { total, pageSize });
  const badness = withTerms(score, preferenceTerms(leanings, percentOf(preference, total)));
  const candidate = makeCandidate(process, badness);
  return { judgement: { kind: "eligible", process, leanings, candidate }, exclusion: undefined };
}

const exclude = (process: ProcessFacts, exclusion: Exclusion): Appraisal => ({
  judgement: { kind: "ineligible", process, ...exclusion },
  exclusion,
});

const hasMemory = (process: ProcessFacts): process is ScoredProcess => process.memory !== undefined;

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
