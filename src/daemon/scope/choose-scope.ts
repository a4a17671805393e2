import { insist } from "#daemon/views/seen.ts";
import type { CgroupPath } from "#domain/units.ts";
import { ignore } from "#linux/failure.ts";
import { findMemcgHierarchy, type MemcgHierarchy, rootMemcg } from "#linux/memcg-hierarchy.ts";
import { makeProcessFiles } from "#linux/process-files.ts";
import type { Machine } from "#machine/machine.ts";
import { readMemcgScope } from "./memcg-scope.ts";
import { readNodeScope } from "./node-scope.ts";
import { reading, refuseScope, type ScopeReading } from "./scope-reading.ts";

/** What somebody asks about; nothing of it is the whole machine. */
export interface ScopeWish {
  readonly memcg: string | undefined;
  readonly nodes: string | undefined;
}

/**
 * Reads the scope that is asked about, as it is now.
 * @param root that of the tree the machine reads; empty for this machine
 * @throws SystemError
 */
export function chooseScope({ memcg, nodes }: ScopeWish, machine: Machine, root = ""): ScopeReading {
  if (memcg !== undefined && nodes !== undefined) {
    return refuseScope("usage", 'An OOM has one scope: write "--memcg" or "--nodes", not both');
  }
  if (memcg !== undefined) {
    const hierarchy = reading("the table of mounts", () => findMemcgHierarchy(root));
    return readMemcgScope(memcg, hierarchy);
  }
  const groupOf = groupsOfMachine(hierarchyIfReadable(root));
  if (nodes === undefined) return { kind: "scope", scope: { kind: "global" }, groupOf };
  const zoneinfo = insist(machine.sense({ needs: ["zoneinfo"], isPressing: false }).zoneinfo, "zoneinfo");
  return readNodeScope(nodes, {
    zoneinfo,
    pageSize: machine.capabilities.pageSize,
    files: makeProcessFiles(root),
    groupOf,
  });
}

function hierarchyIfReadable(root: string): MemcgHierarchy | undefined {
  try {
    return findMemcgHierarchy(root);
  } catch (error) {
    return ignore(
      error,
      "the ranking of a machine does not depend on its mounts; only the memcg that dies whole is not told",
    );
  }
}

const groupsOfMachine = (hierarchy: MemcgHierarchy | undefined) => (of: CgroupPath) =>
  hierarchy && reading(of, () => hierarchy.findOomGroup(of, rootMemcg));
