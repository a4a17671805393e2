import type { AskedScope } from "#daemon/scope/scope-reading.ts";
import type { Candidate } from "#domain/candidate.ts";
import type { Signal } from "#domain/decision.ts";
import type { Guard } from "#domain/guard.ts";
import { identityKey } from "#domain/identity.ts";
import type { ProcessFacts } from "#domain/process.ts";
import type { Snapshot } from "#domain/snapshot.ts";
import {
  type CgroupPath,
  type KiB,
  type Milliseconds,
  type OomScoreAdj,
  type Pid,
  type StartTicks,
  sum,
  type Uid,
} from "#domain/units.ts";
import type { Judgement } from "#engine/appraise.ts";
import { programFor } from "#engine/ask-by-program.ts";
import type { Ineligible } from "#engine/exclusion.ts";
import { familyMembers } from "#engine/guilty-family.ts";
import { firstOf, judge, rank } from "#engine/judge.ts";
import type { KillManner } from "#engine/kill-manner.ts";
import { blameOne } from "#engine/kill-unit.ts";
import { matchRule, type RuleMatch } from "#engine/match-rule.ts";
import type { Plan } from "#engine/plan.ts";
import type { RuleVerdict } from "#engine/rule.ts";
import { circumstancesOf } from "#engine/ruling.ts";
import type { VictimFields } from "#journal/field-groups.ts";
import { containerFields, identityFields, victimFields } from "#journal/tell.ts";
import { type OomGroupView, type ScopeView, viewOomGroup, viewScope } from "./scope-view.ts";
import { takeApart } from "./seen.ts";
import { type UnitView, viewUnit } from "./unit-view.ts";

/** The whole order as it would be now. */
export interface RankingView {
  readonly scope: ScopeView;
  readonly policy: string;
  /** How many processes were seen. */
  readonly processes: number;
  readonly eligible: number;
  /** False: processes of others are hidden, the ranking is over a part only. */
  readonly is_complete: boolean;
  /** All candidates, the first victim first. */
  readonly ranking: readonly VictimFields[];
  /** How many are out, by reason. */
  readonly ineligible: Readonly<Partial<Record<Ineligible, number>>>;
  /** What the kernel would kill together with the first. */
  readonly oom_group: OomGroupView | undefined;
  /** Who dies with the first as settings or a rule have it. Undefined: nobody. */
  readonly unit: UnitView | undefined;
}

/** Whether one rule speaks of one process. */
export interface RuleOnProcess {
  readonly rule: string;
  readonly verdict: RuleVerdict;
  readonly matches: RuleMatch;
}

interface Described {
  readonly pid: Pid;
  readonly start_ticks: StartTicks;
  readonly comm: string;
  readonly uid: Uid | undefined;
  readonly oom_score_adj: OomScoreAdj;
  readonly memcg: CgroupPath | undefined;
  /** What runs it and its id. Absent: it is in none. */
  readonly container?: string | undefined;
  readonly exe: string | undefined;
  readonly rss_kib: KiB | undefined;
  readonly swap_kib: KiB | undefined;
}

/** Those that a process belongs together with. */
export interface FamilyView {
  readonly processes: number;
  readonly returns_kib: KiB;
}

/** How rules have somebody asked. */
export interface AskedView {
  /** Sent, or sent if the program fails. */
  readonly signal: Signal;
  readonly grace_ms: Milliseconds;
  /** What is run in place of the signal. Absent: nothing. */
  readonly program?: string;
}

/** One process under the plan: its place in the order, or why it has none. */
export type ProcessView = Described & {
  readonly policy: string;
  readonly scope: ScopeView;
  readonly eligible: number;
  readonly rules: readonly RuleOnProcess[];
} & (
    | {
        readonly verdict: "eligible";
        readonly place: number;
        readonly candidate: VictimFields;
        readonly oom_group: OomGroupView | undefined;
        /** Who dies with it as settings or a rule have it. Undefined: nobody. */
        readonly unit: UnitView | undefined;
        /** How it is asked to leave while there is time. Undefined: as everybody is. */
        readonly asked: AskedView | undefined;
        /** Undefined: it is on its own, or the policy does not ask. */
        readonly family: FamilyView | undefined;
      }
    | {
        readonly verdict: "ineligible";
        readonly why: Ineligible;
        readonly rule: string | undefined;
        readonly guard: Guard | undefined;
      }
  );

/** Ranks what one look saw as the engine would. @throws SystemError when a sensor failed */
export function viewRanking(snapshot: Snapshot, plan: Plan, { scope, groupOf }: AskedScope): RankingView {
  const { table, basis } = takeApart(snapshot, scope, plan.pageSize);
  const judgements = blameOne(judge(table, basis, plan), undefined, plan);
  const ranking = rank(judgements).map(victimFields);
  const first = firstOf(judgements);
  const group = ranking[0]?.memcg && groupOf(ranking[0].memcg);
  return {
    scope: viewScope(scope, basis, table),
    policy: plan.policy.name,
    processes: table.processes.length,
    eligible: ranking.length,
    is_complete: table.isComplete,
    ranking,
    ineligible: countReasons(judgements),
    oom_group: group && viewOomGroup(group, table),
    unit: first && !group ? viewUnit(first, judgements, plan) : undefined,
  };
}

/** Under which plan, and in which OOM. */
export interface ProcessQuestion {
  readonly plan: Plan;
  readonly asked: AskedScope;
}

/** Judges one process among all. Undefined: there is no such process. @throws SystemError when a sensor failed */
export function viewProcess(
  pid: number,
  snapshot: Snapshot,
  { plan, asked: scoped }: ProcessQuestion,
): ProcessView | undefined {
  const { table, basis } = takeApart(snapshot, scoped.scope, plan.pageSize);
  const judgements = blameOne(judge(table, basis, plan), undefined, plan);
  const judgement = judgements.find(({ process }) => process.identity.pid === pid);
  if (judgement === undefined) return undefined;
  const order = rank(judgements);
  const circumstances = circumstancesOf(table, plan.rules);
  const common = {
    ...describe(judgement.process),
    policy: plan.policy.name,
    scope: viewScope(scoped.scope, basis, table),
    eligible: order.length,
    rules: plan.rules.map((rule) => ({
      rule: rule.origin,
      verdict: rule.verdict,
      matches: matchRule(rule, judgement.process, circumstances),
    })),
  };
  if (judgement.kind === "ineligible") {
    const { kind, why, rule, guard } = judgement;
    return { ...common, verdict: kind, why, rule: rule?.origin, guard };
  }
  const key = identityKey(judgement.process.identity);
  const place = order.findIndex(({ identity }) => identityKey(identity) === key) + 1;
  const { candidate, manner } = judgement;
  const group = candidate.cgroup && scoped.groupOf(candidate.cgroup);
  const oom_group = group && viewOomGroup(group, table);
  const family = plan.policy.blames.families ? viewFamily(familyMembers(judgements, judgement)) : undefined;
  const asked = viewManner(manner, plan);
  const unit = group ? undefined : viewUnit(judgement, judgements, plan);
  return {
    ...common,
    verdict: judgement.kind,
    place,
    candidate: victimFields(candidate),
    oom_group,
    unit,
    asked,
    family,
  };
}

function viewManner(manner: KillManner, { kill, notify }: Plan): AskedView | undefined {
  const { signal, grace: own, run } = manner;
  if (signal === undefined && own === undefined && run === undefined) return undefined;
  const grace = own ?? kill.termGrace;
  const program = programFor(manner, grace, notify);
  return { signal: signal ?? "SIGTERM", grace_ms: grace, ...(program && { program: program.name }) };
}

function viewFamily(members: readonly Candidate[]): FamilyView | undefined {
  if (members.length < 2) return undefined;
  return { processes: members.length, returns_kib: sum(members.map(({ returns }) => returns)) };
}

function countReasons(judgements: readonly Judgement[]): RankingView["ineligible"] {
  const counts: Partial<Record<Ineligible, number>> = {};
  for (const judgement of judgements) {
    if (judgement.kind === "ineligible") counts[judgement.why] = (counts[judgement.why] ?? 0) + 1;
  }
  return counts;
}

const describe = ({ identity, comm, uid, oomScoreAdj, traits, memory }: ProcessFacts): Described => ({
  ...identityFields(identity),
  comm,
  uid,
  oom_score_adj: oomScoreAdj,
  memcg: traits.cgroup,
  ...containerFields(traits.cgroup),
  exe: traits.exe,
  rss_kib: memory?.rss,
  swap_kib: memory?.swap,
});
