import type { Candidate } from "#domain/candidate.ts";
import { compareIdentities, type IdentityKey } from "#domain/identity.ts";
import type { ProcessTable } from "#domain/process.ts";
import type { KiB, Pid } from "#domain/units.ts";
import { appraise, type Judgement, type Standards } from "./appraise.ts";
import { ancestorsOf, findExclusion, type Surroundings } from "./eligibility.ts";
import type { Plan } from "./plan.ts";

/** What a judgement depends on besides table and plan. */
export interface JudgementBasis {
  /** RAM and swap, or what the scope can hold. */
  readonly total: KiB;
  /** Of the scope, when it is not the whole machine. */
  readonly members?: ReadonlySet<Pid>;
  readonly skipped: ReadonlySet<IdentityKey>;
}

/** Judges every process of a table, in the table's order. */
export function judge(table: ProcessTable, basis: JudgementBasis, plan: Plan): readonly Judgement[] {
  const { rules, policy, preference, pageSize } = plan;
  const standards: Standards = { rules, policy, preference, pageSize, total: basis.total };
  const surroundings: Surroundings = {
    self: table.self,
    ancestors: ancestorsOf(table.self, table),
    members: basis.members,
    skipped: basis.skipped,
  };
  return table.processes.map((process): Judgement => {
    const { judgement, exclusion: own } = appraise(process, standards);
    const exclusion = findExclusion(process, own, surroundings);
    return exclusion === undefined || exclusion === own ? judgement : { kind: "ineligible", process, ...exclusion };
  });
}

/**
 * Who goes first of two. Among equals it is the younger, as in the kernel since 5.3, so that the order is total and does
 * not depend on the order of the table.
 * @see KERNEL: mm/oom_kill.c: oom_evaluate_task ("if (points < oc->chosen_points) goto next")
 */
const compareCandidates = (a: Candidate, b: Candidate): number =>
  b.badness.total - a.badness.total || compareIdentities(b.identity, a.identity);

/** The eligible of a judgement, the first victim first. */
export function rank(judgements: readonly Judgement[]): readonly Candidate[] {
  return judgements
    .flatMap((judgement) => (judgement.kind === "eligible" ? [judgement.candidate] : []))
    .toSorted(compareCandidates);
}

/** The head of a ranking. */
export interface Leaders {
  /** The first ones of {@link rank}. */
  readonly ranking: readonly Candidate[];
  /** How many there are in all. */
  readonly eligible: number;
}

/** So many of the first victims: thousands need not be put in order to find them. */
export function rankFirst(judgements: readonly Judgement[], most: number): Leaders {
  const ranking: Candidate[] = [];
  let eligible = 0;
  for (const judgement of judgements) {
    if (judgement.kind === "ineligible") continue;
    eligible += 1;
    const { candidate } = judgement;
    const last = ranking.at(-1);
    if (last !== undefined && ranking.length >= most && compareCandidates(last, candidate) < 0) continue;
    const at = ranking.findIndex((each) => compareCandidates(candidate, each) < 0);
    ranking.splice(at < 0 ? ranking.length : at, 0, candidate);
    if (ranking.length > most) ranking.pop();
  }
  return { ranking, eligible };
}
