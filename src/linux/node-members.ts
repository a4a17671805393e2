import { haveCommonNode, type NodeList } from "#domain/node-list.ts";
import type { Pid } from "#domain/units.ts";
import { parseMemsAllowed } from "#procfs/mems-allowed.ts";
import { failureOf, isDenied } from "./failure.ts";
import type { ProcessFiles } from "./process-files.ts";

/**
 * The processes of which one thread at least may use one of these nodes. A kernel without cpusets lets everybody use all.
 * @see v6.12 mm/oom_kill.c: oom_cpuset_eligible (cpuset_mems_allowed_intersects)
 * @throws SystemError, ParseError, or an error of node:fs
 */
export function readNodeMembers(nodes: NodeList, files: ProcessFiles): ReadonlySet<Pid> {
  const mayUse = (of: Pid, thread: string): boolean | undefined =>
    files.read(of, `${thread}status`, (bytes) => haveCommonNode(parseMemsAllowed(bytes) ?? nodes, nodes));
  const isMember = (of: Pid): boolean =>
    mayUse(of, "") === true || (files.listThreads(of) ?? []).some((thread) => mayUse(of, `task/${thread}/`) === true);
  return new Set(files.listPids().filter((of) => unlessDenied(() => isMember(of))));
}

/** Who is hidden from us is not in the table either. */
function unlessDenied(ask: () => boolean): boolean {
  try {
    return ask();
  } catch (error) {
    if (isDenied(failureOf(error, "the status of a process"))) return false;
    throw error;
  }
}
