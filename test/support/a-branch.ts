import type { Branch, BranchTree, RankerName } from "#domain/branch.ts";
import { type CgroupPath, cgroupPath, kib, pid } from "#domain/units.ts";
import type { BranchPlan } from "#engine/plan.ts";
import { rankers } from "#policies/rankers.ts";

/** What a test wants to say of a cgroup; amounts in KiB. */
export type BranchWish = Partial<Omit<Branch, "path" | "parent" | "members">> & { readonly pids?: readonly number[] };

/** A cgroup that holds nothing but what is wished. */
export const aBranch = (path: string, { pids = [], ...wish }: BranchWish = {}): Branch => ({
  path: cgroupPath(path),
  members: new Set(pids.map(pid)),
  usage: kib(0),
  reclaimable: kib(0),
  swapped: kib(0),
  promised: kib(0),
  stalled: undefined,
  pgscan: undefined,
  io: undefined,
  diesWhole: false,
  preference: "none",
  ...wish,
});

/** A tree by the paths in it, the top first: each is in the longest other that it continues, and so are its members. */
export function aTree(wishes: Readonly<Record<string, BranchWish>>): BranchTree {
  const paths = Object.keys(wishes);
  const top = cgroupPath(paths[0] ?? "/");
  const isBelow = (path: string, above: string) => path.startsWith(`${above}/`);
  const branches = Object.entries(wishes).map(([path, wish]): Branch => {
    const above = paths.filter((each) => isBelow(path, each)).toSorted((a, b) => b.length - a.length)[0];
    const inside = Object.entries(wishes).filter(([each]) => each === path || isBelow(each, path));
    const pids = inside.flatMap(([, each]) => each.pids ?? []);
    return { ...aBranch(path, { ...wish, pids }), ...(above !== undefined && { parent: cgroupPath(above) }) };
  });
  return { path: top, branches };
}

/** By a ranker, down to leaves that go as a whole, unless said otherwise. */
export const choosing = (by: RankerName, change: Partial<BranchPlan> = {}): BranchPlan => ({
  ranker: rankers[by],
  recursive: true,
  unit: "memcg",
  ...change,
});

/** A path of a test. */
export const at = (path: string): CgroupPath => cgroupPath(path);
