import type { Memcg, MemcgMembers } from "./memcg.ts";
import type { NodeList } from "./node-list.ts";
import type { CgroupPath, KiB, Pid } from "./units.ts";

/**
 * What is out of memory, and with it who can be chosen: the kernel's `oom_control`.
 *
 * The kernel has one scope more, the nodes of a memory policy (MPOL_BIND). It asks each task for its policy, and shows that
 * of no task to anybody: `numa_maps` tells those of mappings only. Who would be in such a scope cannot be known from outside.
 * @see v6.12 include/linux/oom.h: struct oom_control, enum oom_constraint; mm/oom_kill.c: constrained_alloc
 */
export type OomScope =
  /** The whole machine. */
  | { readonly kind: "global" }
  /** A memcg at its limit. */
  | { readonly kind: "memcg"; readonly path: CgroupPath; readonly memcg: Memcg }
  /** The nodes that the cpuset of who asks for memory allows; a member may use one of them. */
  | {
      readonly kind: "nodes";
      readonly nodes: NodeList;
      /** Their RAM. Undefined: they are all nodes that have memory, and hold what the whole machine does. */
      readonly present: KiB | undefined;
      readonly members: ReadonlySet<Pid>;
    };

/** A memcg that the kernel kills as a whole, when it chooses one of its members (`memory.oom.group`, cgroup v2 only). */
export type OomGroup = MemcgMembers;
