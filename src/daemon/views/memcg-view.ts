import type { MemcgStanding, WatchedMemcg } from "#domain/memcg.ts";
import { knownValue, type Snapshot } from "#domain/snapshot.ts";
import type { CgroupPath, KiB, Pid } from "#domain/units.ts";
import { type BranchHistory, rememberBranches } from "#engine/branch-rates.ts";
import type { Verdict } from "#engine/decide.ts";
import { initialState } from "#engine/engine-state.ts";
import { judge, rank } from "#engine/judge.ts";
import { boundScope } from "#engine/oom-scope.ts";
import { pickBranch } from "#engine/pick-branch.ts";
import type { Plan } from "#engine/plan.ts";
import { machineScope, type Scope } from "#engine/scopes.ts";
import { watchScopes } from "#engine/watched-scopes.ts";
import type { AlarmFields, ReasonFields, VictimFields } from "#journal/field-groups.ts";
import { alarmFields, branchFields, reasonFields, victimFields } from "#journal/tell.ts";
import type { Looks } from "./look-twice.ts";
import { insist } from "./seen.ts";

/** A memcg that is to be watched, as it is now. */
export interface MemcgView {
  /** Its path, or the pattern that fits none. */
  readonly memcg: string;
  readonly standing: MemcgStanding;
  readonly limit_kib?: KiB;
  /** Present exactly when it is watched. */
  readonly seen?: SeenMemcg;
}

/** A memcg against the watermarks within its limit. */
export interface SeenMemcg {
  readonly usage_kib: KiB;
  /** Against each limit of its own that somebody wrote. */
  readonly limits: readonly ReasonFields[];
  /** Of the machine, where the memcg has no limit; so are the watermarks then. */
  readonly headroom_kib: KiB;
  readonly min_kib: KiB;
  readonly low_kib: KiB;
  readonly high_kib: KiB;
  readonly alarm: AlarmFields | undefined;
  /** Undefined: its members could not be read. */
  readonly members: number | undefined;
  /** Who would go first, alarm or not. */
  readonly first: VictimFields | undefined;
  /** From which of the cgroups inside, and what it was compared with. Absent: its members are compared one by one. */
  readonly chosen?: ReturnType<typeof branchFields>;
}

/** What a look tells of the memcgs that a plan names, and the engine of that look. @throws SystemError without meminfo */
export function viewMemcgs(looks: Looks, plan: Plan, { state }: Pick<Verdict, "state">): readonly MemcgView[] {
  const { now: snapshot } = looks;
  const meminfo = insist(snapshot.meminfo, "meminfo");
  const look = { snapshot, meminfo, plan };
  const machine = machineScope(state, look);
  const { scopes, step } = watchScopes(initialState(snapshot.takenAt), machine, look);
  return step.findings.flatMap((finding): readonly MemcgView[] => {
    if (finding.kind !== "memcg-standing") return [];
    const { name, standing, limit } = finding;
    const scope = scopes.find((each) => each.name === name);
    const alarm = state.elsewhere.get(scope?.name)?.alarm;
    const seen = scope?.memcg && seeMemcg(scope.memcg, scope, looks);
    return [
      {
        memcg: name,
        standing,
        ...(limit !== undefined && { limit_kib: limit }),
        ...(seen && { seen: { ...seen, alarm: alarm && alarmFields(alarm) } }),
      },
    ];
  });
}

function seeMemcg(memcg: WatchedMemcg, scope: Scope, looks: Looks): Omit<SeenMemcg, "alarm"> {
  const { min, low, high } = scope.plan.headroom;
  const members = knownValue(looks.now.membership)?.watched.find(({ path }) => path === memcg.path)?.members;
  return {
    usage_kib: memcg.usage,
    limits: ownLimits(scope),
    headroom_kib: scope.sight.memory.headroom,
    min_kib: min,
    low_kib: low,
    high_kib: high,
    members: members?.size,
    ...whoGoes(members, { ...looks, memcg, scope }),
  };
}

/** What a single look can tell of them: not how fast a memcg grows. */
function ownLimits({ sight: { facts, meminfo, memory }, plan }: Scope): readonly ReasonFields[] {
  const { headroom, available } = memory;
  const { headroom: watermarks, pageSize } = plan;
  const situation = { facts, meminfo, headroom, available, watermarks, pageSize, trend: undefined, growth: undefined };
  const own = new Set(plan.alarms.flatMap(({ own: name }) => name ?? []));
  return plan.detectors
    .filter(({ name }) => own.has(name))
    .flatMap((detector) => detector.detect(situation) ?? [])
    .map(({ reason }) => reasonFields(reason));
}

interface Place extends Looks {
  readonly memcg: WatchedMemcg;
  readonly scope: Scope;
}

function whoGoes(
  members: ReadonlySet<Pid> | undefined,
  { memcg, scope, before, now }: Place,
): Pick<SeenMemcg, "first" | "chosen"> {
  const table = knownValue(now.processes);
  if (members === undefined || table === undefined) return { first: undefined };
  const { path, limits } = memcg;
  const { plan, sight } = scope;
  const bounds = boundScope({ kind: "memcg", path, memcg: { limits, members } }, sight.meminfo, plan.pageSize);
  const judgements = judge(table, { ...bounds, skipped: new Set() }, plan);
  const look = { snapshot: now, memcg, plan, at: now.takenAt };
  const picked = pickBranch(judgements, before && historyOf(path, before), look);
  const [first] = rank(picked?.blame.judgements ?? judgements);
  const branch = picked?.blame.branch;
  return { first: first && victimFields(first), ...(branch && { chosen: branchFields(branch) }) };
}

function historyOf(path: CgroupPath, { branches, takenAt }: Snapshot): BranchHistory | undefined {
  const tree = knownValue(branches)?.find((each) => each.path === path);
  return tree && rememberBranches(undefined, tree, takenAt);
}
