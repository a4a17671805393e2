import type { Alarm, FaultWait, Reason } from "#domain/alarm.ts";
import type { BranchChoice, RankedBranch } from "#domain/branch.ts";
import type { Badness, Candidate, GuiltyFamily } from "#domain/candidate.ts";
import { containerIn } from "#domain/container.ts";
import type { Decision } from "#domain/decision.ts";
import type { Giver } from "#domain/giver.ts";
import type { Identity } from "#domain/identity.ts";
import type { SystemFailure } from "#domain/system-error.ts";
import type { CgroupPath, KiB } from "#domain/units.ts";
import type { ReapReport } from "#domain/victim-report.ts";
import type { AlarmFields, ChoiceFields, ReapFields, ReasonFields, VictimFields } from "./field-groups.ts";
import { describeReason } from "./phrases.ts";
import type { RankedFields, RankedMemcgFields } from "./vocabulary.ts";

/** An alarm in the words of the journal. */
export const alarmFields = ({ kind, memcg, reason, also }: Alarm): AlarmFields => ({
  alarm_kind: kind,
  ...(memcg && { scope_memcg: memcg }),
  ...reasonFields(reason),
  ...(also && { also: also.map((each) => describeReason(reasonFields(each))) }),
});

/** One proof in the words of the journal. */
export function reasonFields(reason: Reason): ReasonFields {
  switch (reason.kind) {
    case "below-watermark":
      return {
        reason: reason.kind,
        zone: reason.zone,
        watermark: reason.watermark,
        headroom_kib: reason.headroom,
        threshold_kib: reason.threshold,
      };
    case "commit-below-watermark":
      return {
        reason: reason.kind,
        watermark: reason.watermark,
        commit_left_kib: reason.left,
        commit_limit_kib: reason.limit,
        threshold_kib: reason.threshold,
      };
    case "falling":
      return {
        reason: reason.kind,
        headroom_kib: reason.headroom,
        headroom_below_kib: reason.below,
        falls_kib: reason.perSecond,
        left_ms: reason.timeLeft,
        horizon_ms: reason.horizon,
        threshold_kib: reason.threshold,
      };
    case "thrashing":
      return {
        reason: reason.kind,
        exchanged_percent: reason.exchanged,
        limit_percent: reason.limit,
        refaulted_kib: reason.refaulted,
        reclaimed_kib: reason.reclaimed,
        reclaimed_directly_kib: reason.reclaimedDirectly,
        swapped_in_kib: reason.swappedIn,
        cache_kib: reason.cache,
        cache_below_kib: reason.cacheBelow,
        stall_line: reason.line,
        share_percent: reason.stalled,
        stall_limit_percent: reason.stallLimit,
        window_ms: reason.window,
        available_kib: reason.available,
        ...faultFields(reason.faults),
      };
    case "kernel-zone":
      return {
        reason: reason.kind,
        kernel_zone: `node ${reason.node} ${reason.name}`,
        free_kib: reason.free,
        needed_kib: reason.needed,
        reclaimable_kib: reason.reclaimable,
      };
    case "memcg-swap":
      return {
        reason: reason.kind,
        scope_swap_kib: reason.swapped,
        threshold_kib: reason.threshold,
        hold_for_ms: reason.holdFor,
      };
    case "memcg-size":
      return {
        reason: reason.kind,
        scope_size_kib: reason.size,
        threshold_kib: reason.threshold,
        hold_for_ms: reason.holdFor,
      };
    case "memcg-growth":
      return {
        reason: reason.kind,
        scope_grown_kib: reason.grown,
        threshold_kib: reason.threshold,
        window_ms: reason.window,
      };
    case "stalled":
      return {
        reason: reason.kind,
        stall_line: reason.line,
        share_percent: reason.share,
        limit_percent: reason.limit,
        window_ms: reason.window,
        available_kib: reason.available,
        available_below_kib: reason.availableBelow,
        ...faultFields(reason.faults),
      };
  }
}

const faultFields = (faults: FaultWait | undefined) =>
  faults && {
    disk_wait_percent: faults.share,
    slow_fault_ms: faults.slow,
    ...(faults.perFault !== undefined && { fault_ms: faults.perFault }),
  };

/** An identity, as it is written. */
export const identityFields = ({ pid, startTicks }: Identity) => ({ pid, start_ticks: startTicks });

/** The terms of a score by name. */
export const termFields = ({ terms }: Badness): Readonly<Record<string, KiB>> =>
  Object.fromEntries(terms.map(({ name, value }) => [name, value]));

/** One place of a ranking in the words of the journal. */
export const rankedFields = (candidate: Candidate): RankedFields => ({
  ...identityFields(candidate.identity),
  comm: candidate.comm,
  uid: candidate.uid,
  oom_score_adj: candidate.oomScoreAdj,
  rss_kib: candidate.rss,
  swap_kib: candidate.swap,
  badness_kib: candidate.badness.total,
  terms_kib: termFields(candidate.badness),
});

/** In which container, if in any: "docker 3f1c9e5b…". */
export function containerFields(cgroup: CgroupPath | undefined): Pick<VictimFields, "container"> {
  const found = cgroup && containerIn(cgroup);
  return found === undefined ? {} : { container: `${found.runtime} ${found.id}` };
}

/** A victim in the words of the journal. */
export const victimFields = (candidate: Candidate): VictimFields => ({
  ...rankedFields(candidate),
  memcg: candidate.cgroup,
  ...containerFields(candidate.cgroup),
  returns_kib: candidate.returns,
});

/** A choice with everything that led to it. */
export const choiceFields = (decision: Extract<Decision, { kind: "signal" }>): ChoiceFields => ({
  ...alarmFields(decision.alarm),
  ...victimFields(decision.victim),
  ...(decision.victim.family && familyFields(decision.victim.family)),
  ...groupFields(decision),
  ...(decision.branch && branchFields(decision.branch)),
  ...(decision.victim.guard && { session_role: decision.victim.guard.role }),
  signal: decision.signal,
  eligible: decision.eligible,
  ranking: decision.ranking.map(rankedFields),
});

/** What is run in place of the signal, and for how long. */
export const programFields = ({ name, timeout }: Giver) => ({ program: name, grace_ms: timeout });

/** What dies with the victim, as it was decided. */
function groupFields({ group }: Extract<Decision, { kind: "signal" }>) {
  if (group === undefined) return {};
  const { kind, members } = group;
  return { kill_unit: kind, group_processes: members.length, ...(kind === "memcg" && { group_memcg: group.path }) };
}

/** A choice among cgroups in the words of the journal. */
export const branchFields = ({ by, path, ranking }: BranchChoice) => ({
  chosen_by: by,
  chosen_memcg: path,
  memcg_ranking: ranking.map(rankedMemcgFields),
});

/** One place among cgroups in the words of the journal. */
export const rankedMemcgFields = ({
  path,
  preference,
  unprotected,
  swapped,
  rates,
}: RankedBranch): RankedMemcgFields => ({
  memcg: path,
  preference,
  unprotected_kib: unprotected,
  swap_kib: swapped,
  ...(rates && {
    growth_kib_per_s: rates.growth,
    stalled_percent: rates.stalled,
    pgscan_per_s: Math.round(rates.pgscan),
    io_cost_ms_per_s: Math.round(rates.ioCost),
  }),
});

const familyFields = ({ processes, returns, grown, young }: GuiltyFamily) => ({
  family_processes: processes,
  family_kib: returns,
  family_grown_kib: grown,
  ...(young !== undefined && { family_young: young }),
});

/** A failed system call in the words of the journal. A {@link SystemFailure} may be an Error: only its data is told. */
export const failureFields = ({ call, errno, subject, advice }: SystemFailure) => ({ call, errno, subject, advice });

/** How giving memory back went, in words. */
export function reapFields(reap: ReapReport): ReapFields {
  switch (reap.kind) {
    case "released":
      return { reap: "given back by process_mrelease", took_ms: reap.took };
    case "stuck":
      return { reap: "not given back", ...failureFields(reap.failure) };
    case "not-asked":
      return { reap: "left to its own exit" };
    case "under-way":
      return { reap: "being given back" };
    case "exiting-by-itself":
      return { reap: "given back by its own exit" };
    case "unsupported":
      return { reap: "left to its own exit: the kernel has no process_mrelease" };
  }
}
