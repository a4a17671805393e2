import type { Meminfo } from "#domain/meminfo.ts";
import { includesNode, type NodeList, nodeList } from "#domain/node-list.ts";
import type { OomScope } from "#domain/oom-scope.ts";
import { add, type Bytes, greatest, type KiB, pages, pagesToKiB, sum } from "#domain/units.ts";
import type { Zoneinfo } from "#domain/zoneinfo.ts";
import { totalMemory } from "./headroom.ts";
import type { JudgementBasis } from "./judge.ts";
import { capacityOf } from "./memcg-capacity.ts";

/** Who can be chosen in a scope, and what it can hold. */
export type ScopeBounds = Pick<JudgementBasis, "total" | "members">;

/**
 * The bounds of a scope; its total is the kernel's `totalpages`, one page at least. A memcg without a limit has no OOM of its
 * own; the machine bounds it.
 * @see v6.12 mm/oom_kill.c: constrained_alloc
 */
export function boundScope(scope: OomScope, meminfo: Meminfo, pageSize: Bytes): ScopeBounds {
  switch (scope.kind) {
    case "global":
      return { total: totalMemory(meminfo) };
    case "memcg": {
      const capacity = capacityOf(scope.memcg.limits, meminfo.swapTotal) ?? totalMemory(meminfo);
      return { total: greatest(capacity, pagesToKiB(pages(1), pageSize)), members: scope.memcg.members };
    }
    case "nodes": {
      const { present, members } = scope;
      return { total: present === undefined ? totalMemory(meminfo) : add(present, meminfo.swapTotal), members };
    }
  }
}

/** The nodes that have memory of their own. */
export const nodesWithMemory = ({ zones }: Zoneinfo): NodeList =>
  nodeList(new Set(zones.filter(({ present }) => present > 0).map(({ node }) => node)));

/**
 * The RAM of some nodes, with what the kernel keeps of it for itself. Undefined: they are all there are, and the kernel
 * counts the whole machine's, without that. Since 5.4; before, holes between the pages counted as well.
 * @see v6.12 mm/oom_kill.c: constrained_alloc (node_present_pages, cpuset_limited)
 */
export function presentOn(nodes: NodeList, { zones }: Zoneinfo, pageSize: Bytes): KiB | undefined {
  const populated = zones.filter(({ present }) => present > 0);
  const within = populated.filter(({ node }) => includesNode(nodes, node));
  if (within.length === populated.length) return undefined;
  return sum(within.map(({ present }) => pagesToKiB(present, pageSize)));
}
