import { describeNodes } from "#domain/node-list.ts";
import type { OomGroup, OomScope } from "#domain/oom-scope.ts";
import type { ProcessTable } from "#domain/process.ts";
import { type CgroupPath, initPid, type KiB, oomScoreAdjMin, type Pid } from "#domain/units.ts";
import type { ScopeBounds } from "#engine/oom-scope.ts";

/** The OOM that a ranking is for. */
export type ScopeView = {
  /** What it can hold: the kernel's totalpages. */
  readonly total_kib: KiB;
} & (
  | { readonly kind: "global" }
  /** How many of the processes that were seen belong to it. */
  | { readonly kind: "memcg"; readonly memcg: CgroupPath; readonly members: number }
  | { readonly kind: "nodes"; readonly nodes: string; readonly members: number }
);

/** A memcg that the kernel would kill as a whole (memory.oom.group), and how many processes that is. */
export interface OomGroupView {
  readonly memcg: CgroupPath;
  readonly processes: number;
}

/** A scope in the words of an answer. */
export function viewScope(scope: OomScope, { total, members }: ScopeBounds, table: ProcessTable): ScopeView {
  const seen = members === undefined ? 0 : countIn(members, table);
  switch (scope.kind) {
    case "global":
      return { kind: scope.kind, total_kib: total };
    case "memcg":
      return { kind: scope.kind, total_kib: total, memcg: scope.path, members: seen };
    case "nodes":
      return { kind: scope.kind, total_kib: total, nodes: describeNodes(scope.nodes), members: seen };
  }
}

const countIn = (members: ReadonlySet<Pid>, { processes }: ProcessTable): number =>
  processes.filter(({ identity, isKernelThread }) => !isKernelThread && members.has(identity.pid)).length;

/** Of a group only init and those that must never be chosen are spared. @see v6.12 mm/oom_kill.c: oom_kill_memcg_member */
export const viewOomGroup = ({ path, members }: OomGroup, { processes }: ProcessTable): OomGroupView => ({
  memcg: path,
  processes: processes.filter(
    ({ identity: { pid }, memory, oomScoreAdj }) =>
      members.has(pid) && memory !== undefined && pid !== initPid && oomScoreAdj !== oomScoreAdjMin,
  ).length,
});
