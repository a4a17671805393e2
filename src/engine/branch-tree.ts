import type { Branch, BranchTree, MemcgPreference, RankedBranch } from "#domain/branch.ts";
import { type CgroupPath, type KiB, kib, lessened, type Milliseconds, type Pid, scale, sum } from "#domain/units.ts";
import { type BranchHistory, ratesOf } from "./branch-rates.ts";
import type { BranchPlan } from "./plan.ts";

/** A cgroup that can go: with all that is in it, or, where others inside of it go for themselves, with what is left. */
export interface Leaf {
  readonly ranked: RankedBranch;
  readonly members: ReadonlySet<Pid>;
}

/** A watched memcg with the cgroups inside, and when it was looked at. */
export interface SeenTree extends BranchTree {
  readonly history: BranchHistory | undefined;
  readonly at: Milliseconds;
}

/**
 * Those that can go, in the order in which they would be taken: on each level by preference and then by the ranker, and what
 * is inside of one before the next one. So oomd descends (`recursive`), and comes back when a kill fails.
 */
export function leavesInOrder({ path: top, branches, history, at }: SeenTree, plan: BranchPlan): readonly Leaf[] {
  const below = new Map<CgroupPath, Branch[]>();
  for (const branch of branches) {
    const { parent } = branch;
    if (parent === undefined) continue;
    const siblings = below.get(parent);
    if (siblings === undefined) below.set(parent, [branch]);
    else siblings.push(branch);
  }
  const omitted = new Set(branches.filter(isOmitted).flatMap(({ members }) => [...members]));

  const descend = (branch: Branch, promised: KiB, depth: number): readonly Leaf[] => {
    const children = below.get(branch.path) ?? [];
    const isWhole = children.length === 0 || branch.diesWhole || (depth > 0 && !plan.recursive);
    const leafOf = (members: readonly Pid[]): Leaf => ({
      ranked: { ...figuresOf(branch, promised), ...rated(branch) },
      members: new Set(members.filter((member) => !omitted.has(member))),
    });
    if (isWhole) return [leafOf([...branch.members])];
    const within = new Set(children.flatMap(({ members }) => [...members]));
    const own = [...branch.members].filter((member) => !within.has(member));
    const shared = sharesOf(children, promised);
    const ordered = children
      .filter((child) => !isOmitted(child))
      .map((child) => ({ child, ranked: { ...figuresOf(child, shared(child)), ...rated(child) } }))
      .toSorted((a, b) => comparePlaces(a.ranked, b.ranked, plan));
    const inner = ordered.flatMap(({ child }) => descend(child, shared(child), depth + 1));
    // With v2 processes live in leaves; with v1, and in threaded cgroups, anywhere.
    return own.length === 0 ? inner : [...inner, leafOf(own)];
  };
  const rated = (branch: Branch): Pick<RankedBranch, "rates"> => {
    const rates = history && ratesOf(branch, history, at);
    return rates === undefined ? {} : { rates };
  };
  const root = branches.find(({ path }) => path === top);
  return root === undefined ? [] : descend(root, root.promised, 0);
}

/** Of the watched memcg itself the mark says nothing: whoever has it watched wants somebody of it to go. */
const isOmitted = ({ preference, parent }: Branch): boolean => preference === "omit" && parent !== undefined;

const figuresOf = ({ path, preference, usage, swapped }: Branch, promised: KiB): RankedBranch => ({
  path,
  preference,
  unprotected: lessened(usage, promised),
  swapped: swapped ?? kib(0),
});

/**
 * What each of several cgroups really has of its promise: together they can have no more than the one above them.
 * @see facebookincubator/oomd src/oomd/CgroupContext.cpp: getMemoryProtection
 */
function sharesOf(children: readonly Branch[], above: KiB): (child: Branch) => KiB {
  const wanted = sum(children.map(({ promised }) => promised));
  const share = wanted === 0 ? 0 : Math.min(1, above / wanted);
  return ({ promised }) => scale(promised, share);
}

const preferences: Readonly<Record<MemcgPreference, number>> = { prefer: 0, none: 1, avoid: 2, omit: 3 };

/** Total: of equals the larger, then the first by name. */
function comparePlaces(a: RankedBranch, b: RankedBranch, { ranker }: BranchPlan): number {
  return (
    preferences[a.preference] - preferences[b.preference] ||
    ranker.rank(b) - ranker.rank(a) ||
    b.unprotected - a.unprotected ||
    (a.path < b.path ? -1 : 1)
  );
}
