import type { Candidate } from "#domain/candidate.ts";
import type { OomGroup } from "#domain/oom-scope.ts";
import type { ProcessFacts } from "#domain/process.ts";
import type { CgroupPath, Pid } from "#domain/units.ts";
import type { Judgement } from "./appraise.ts";
import type { Ineligible } from "./exclusion.ts";
import type { ScopeName } from "./scope-state.ts";

/** A memcg that would have to die as a whole, and one of its members that must live. */
export interface RefusedGroup {
  readonly path: CgroupPath;
  readonly because: ProcessFacts;
}

/** Whom the kernel spares in a group that it kills, or who holds nothing any more. @see v6.12 mm/oom_kill.c: oom_kill_memcg_member */
const spared: ReadonlySet<Ineligible> = new Set(["init", "kernel-thread", "oom-score-adj-min", "no-memory"]);

/** The groups that a kill in a scope can be about: those within it. */
const groupsWithin = (groups: readonly OomGroup[], scope: ScopeName): readonly OomGroup[] =>
  scope === undefined ? groups : groups.filter(({ path }) => path === scope || path.startsWith(`${scope}/`));

/**
 * The group that dies with a process: of those it belongs to the highest within the scope.
 * @see v6.12 mm/memcontrol.c: mem_cgroup_get_oom_group
 */
export function findGroup(pid: Pid, groups: readonly OomGroup[], scope: ScopeName): OomGroup | undefined {
  return groupsWithin(groups, scope)
    .filter(({ members }) => members.has(pid))
    .reduce<OomGroup | undefined>((top, each) => (top && top.path.length <= each.path.length ? top : each), undefined);
}

/** Somebody who would not survive the group, and has to. Whoever was given up before protects nobody. */
export const isProtected = (judgement: Judgement): boolean =>
  judgement.kind === "ineligible" && judgement.why !== "skipped" && !spared.has(judgement.why);

/**
 * Takes the members of groups out that hold somebody who must live: a part of such a group cannot be killed, and we do not
 * kill all of it.
 */
export function refuseGroups(
  judgements: readonly Judgement[],
  groups: readonly OomGroup[],
  scope: ScopeName,
): { readonly judgements: readonly Judgement[]; readonly refused: readonly RefusedGroup[] } {
  const refused = groupsWithin(groups, scope).flatMap(({ path, members }): readonly (RefusedGroup & OomGroup)[] => {
    const held = judgements.find((each) => members.has(each.process.identity.pid) && isProtected(each));
    return held === undefined ? [] : [{ path, members, because: held.process }];
  });
  if (refused.length === 0) return { judgements, refused };
  const isOut = ({ identity: { pid } }: ProcessFacts) => {
    const own = findGroup(pid, groups, scope);
    return own !== undefined && refused.some(({ path }) => path === own.path);
  };
  return {
    judgements: judgements.map((judgement): Judgement => {
      const { process } = judgement;
      if (judgement.kind === "ineligible" || !isOut(process)) return judgement;
      return { kind: "ineligible", process, why: "group-holds-protected" };
    }),
    refused: refused.map(({ path, because }) => ({ path, because })),
  };
}

/** The rest of a victim's group: those who could have been chosen themselves. */
export const othersIn = (
  { members }: OomGroup,
  victim: Candidate,
  judgements: readonly Judgement[],
): readonly Candidate[] =>
  judgements
    .flatMap((judgement) => (judgement.kind === "eligible" ? [judgement.candidate] : []))
    .filter(({ identity: { pid } }) => pid !== victim.identity.pid && members.has(pid));
