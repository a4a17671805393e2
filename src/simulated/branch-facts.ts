import type { Branch, BranchTree } from "#domain/branch.ts";
import { type CgroupPath, cgroupPath, kib, least } from "#domain/units.ts";
import { fitsPath } from "#domain/wildcard.ts";
import type { Kernel } from "./kernel.ts";
import { isWithin, type Memcg, memcgFilesOf, memcgSwapOf, usageOf } from "./memcg.ts";
import { pressureOf, startPsi } from "./psi.ts";

/** The cgroups that a look asks for with all inside of them: those of the scenario, and those that its processes are in. */
export const branchTreesOf = (kernel: Kernel, patterns: readonly string[] = []): readonly BranchTree[] =>
  kernel.memcgs
    .filter(({ script: { path } }) => patterns.some((pattern) => fitsPath(path, pattern)))
    .map((watched) => ({ path: watched.script.path, branches: branchesOf(kernel, watched) }));

function branchesOf(kernel: Kernel, watched: Memcg): readonly Branch[] {
  const top = watched.script.path;
  const homes = [...watched.members].map(({ script }) => script.cgroup);
  const scripted = kernel.memcgs.map(({ script }) => script.path).filter((path) => isWithin(path, top));
  const paths = new Set([top, ...[...homes, ...scripted].flatMap((path) => downTo(path, top))]);
  return [...paths].toSorted().map((path) => branchOf(kernel, path, top));
}

/** A cgroup and those above it, up to and without the top. */
function downTo(path: CgroupPath, top: CgroupPath): readonly CgroupPath[] {
  return path === top ? [] : [...downTo(parentOf(path), top), path];
}

const parentOf = (path: CgroupPath): CgroupPath => cgroupPath(path.slice(0, path.lastIndexOf("/")) || "/");

/** Neither pages scanned nor requests are told apart by cgroups here, and stalls only of those that the scenario names. */
function branchOf(kernel: Kernel, path: CgroupPath, top: CgroupPath): Branch {
  const named = kernel.memcgs.find(({ script }) => script.path === path);
  const memcg = named ?? gather(kernel, path);
  const usage = usageOf(memcg);
  const { low = kib(0), diesWhole = false, preference = "none" } = memcg.script;
  const hasPressure = named !== undefined && !kernel.scenario.lacks.includes("pressure");
  return {
    path,
    ...(path !== top && { parent: parentOf(path) }),
    members: new Set([...memcg.members].map(({ identity }) => identity.pid)),
    usage: kib(usage),
    reclaimable: kib(memcgFilesOf(memcg)),
    swapped: kib(memcgSwapOf(memcg)),
    promised: kib(least(usage, low)),
    stalled: hasPressure ? pressureOf(memcg.psi).full.total : undefined,
    pgscan: undefined,
    io: undefined,
    diesWhole,
    preference,
  };
}

/** A cgroup without a limit, that nothing is remembered of. */
const gather = ({ processes }: Kernel, path: CgroupPath): Memcg => ({
  script: { path },
  members: new Set(processes.filter(({ script }) => isWithin(script.cgroup, path))),
  psi: startPsi(),
  events: { max: 0, oom: 0, oomKill: 0 },
  victim: undefined,
});
