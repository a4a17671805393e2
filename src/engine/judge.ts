import type { Candidate } from "#domain/candidate.ts";
import type { IdentityKey } from "#domain/identity.ts";
import type { ProcessFacts, ProcessTable } from "#domain/process.ts";
import { compareRanks, type Rank } from "#domain/table-digest.ts";
import type { KiB, Pid } from "#domain/units.ts";
import { appraise, appraiseAll, type Eligible, type Judgement, type Standards } from "./appraise.ts";
import { ancestorsOf, findAmong, findExclusion, passOver } from "./eligibility.ts";
import { guardKin } from "./guard/guard-kin.ts";
import type { Plan } from "./plan.ts";
import { circumstancesOf } from "./ruling.ts";

/** What a judgement depends on besides table and plan. */
export interface JudgementBasis {
  /** RAM and swap, or what the scope can hold. */
  readonly total: KiB;
  /** Of the scope, when it is not the whole machine. */
  readonly members?: ReadonlySet<Pid>;
  readonly skipped: ReadonlySet<IdentityKey>;
}

/** What the processes of a table are judged by. */
export function standardsOf(table: ProcessTable, { total }: Pick<JudgementBasis, "total">, plan: Plan): Standards {
  const { rules, policy, preference, pageSize, guard } = plan;
  const { self } = table;
  const [ancestors, circumstances] = [ancestorsOf(self, table), circumstancesOf(table, rules)];
  const isGuarding = guard.session;
  return { rules, circumstances, policy, preference, pageSize, total, self, ancestors, isGuarding };
}

/** Judges every process of a table, in the table's order. */
export function judge(table: ProcessTable, basis: JudgementBasis, plan: Plan): readonly Judgement[] {
  const { processes } = table;
  const { members, skipped } = basis;
  const standards = standardsOf(table, basis, plan);
  const judgements = guardKin(
    members === undefined ? appraiseAll(processes, standards) : judgeScope(table, members, standards),
    processes,
  );
  const given = new Set(findAmong(processes, skipped));
  return given.size === 0 ? judgements : judgements.map((each) => (given.has(each.process) ? skip(each) : each));
}

const judgeScope = (
  { processes }: ProcessTable,
  members: ReadonlySet<Pid>,
  standards: Standards,
): readonly Judgement[] =>
  processes.map((process) =>
    members.has(process.identity.pid) ? appraise(process, standards) : judgeOutside(process, standards),
  );

function judgeOutside(process: ProcessFacts, standards: Standards): Judgement {
  const inside = findExclusion(process, standards);
  // The kernel asks these two before it asks for the scope.
  if (inside?.why === "init" || inside?.why === "kernel-thread") return { kind: "ineligible", process, ...inside };
  return { kind: "ineligible", process, why: "out-of-scope", ...(inside && { inside }) };
}

/** The judgement of one who was given up before. */
function skip(judgement: Judgement): Judgement {
  const { process } = judgement;
  if (judgement.kind === "eligible") return { kind: "ineligible", process, ...passOver(undefined) };
  const { why, inside } = judgement;
  if (why === "out-of-scope") return { ...judgement, inside: passOver(inside) };
  return { kind: "ineligible", process, ...passOver(judgement) };
}

/** Where somebody stands who can be chosen. */
export const rankOf = ({ badness, identity }: Candidate): Rank => ({ size: badness.total, identity });

const compareCandidates = (a: Candidate, b: Candidate): number => compareRanks(rankOf(a), rankOf(b));

/** The eligible of a judgement, the first victim first. */
export function rank(judgements: readonly Judgement[]): readonly Candidate[] {
  return judgements
    .flatMap((judgement) => (judgement.kind === "eligible" ? [judgement.candidate] : []))
    .toSorted(compareCandidates);
}

/** The first of {@link rank}, as it was judged. */
export function firstOf(judgements: readonly Judgement[]): Eligible | undefined {
  let first: Eligible | undefined;
  for (const judgement of judgements) {
    if (judgement.kind === "ineligible") continue;
    if (first === undefined || compareCandidates(judgement.candidate, first.candidate) < 0) first = judgement;
  }
  return first;
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
