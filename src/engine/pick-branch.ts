import type { BranchChoice } from "#domain/branch.ts";
import { knownValue } from "#domain/snapshot.ts";
import type { Pid } from "#domain/units.ts";
import type { Judgement } from "./appraise.ts";
import type { BranchHistory } from "./branch-rates.ts";
import { type Leaf, leavesInOrder } from "./branch-tree.ts";
import type { Blame } from "./kill-unit.ts";
import { isProtected, othersIn, type RefusedGroup } from "./oom-group.ts";
import type { BranchPlan } from "./plan.ts";
import type { Context } from "./step.ts";

/** From which cgroup somebody goes, or that there is none that could. */
export interface PickedBranch {
  readonly blame: Blame & { readonly branch?: BranchChoice };
  /** Those before it that hold somebody who must live. */
  readonly refused: readonly RefusedGroup[];
}

/** How many of those that were compared a report tells. */
const branchesShown = 5;

/**
 * Picks the cgroup inside a watched memcg that goes, and leaves nobody to choose but its members. Undefined: nobody asked for it,
 * or nobody could tell what is inside; then members are compared one by one.
 */
export function pickBranch(
  judgements: readonly Judgement[],
  history: BranchHistory | undefined,
  { snapshot, memcg, plan, at }: Pick<Context, "snapshot" | "memcg" | "plan" | "at">,
): PickedBranch | undefined {
  const { byBranch } = plan;
  const tree = knownValue(snapshot.branches)?.find(({ path }) => path === memcg?.path);
  if (byBranch === undefined || tree === undefined) return undefined;
  const leaves = leavesInOrder({ ...tree, history, at }, byBranch);
  const judged = new Map(judgements.map((judgement) => [judgement.process.identity.pid, judgement]));
  const refused: RefusedGroup[] = [];
  for (const [place, leaf] of leaves.entries()) {
    const inside = [...leaf.members].flatMap((pid) => judged.get(pid) ?? []);
    if (!inside.some(({ kind }) => kind === "eligible")) continue;
    const held = byBranch.unit === "memcg" ? inside.find(mustLive) : undefined;
    if (held === undefined) return { blame: blameLeaf(judgements, leaf, { leaves, place, byBranch }), refused };
    refused.push({ path: leaf.ranked.path, because: held.process });
  }
  return { blame: { judgements: narrow(judgements, new Set()), unitOf: () => undefined }, refused };
}

/** Who came into the cgroup after its members were told is no reason: it is inside, whatever the scope says. */
const mustLive = (judgement: Judgement): boolean =>
  isProtected(judgement) &&
  !(judgement.kind === "ineligible" && judgement.why === "out-of-scope" && judgement.inside === undefined);

interface Picture {
  readonly leaves: readonly Leaf[];
  readonly place: number;
  readonly byBranch: BranchPlan;
}

function blameLeaf(
  judgements: readonly Judgement[],
  { ranked: { path }, members }: Leaf,
  { leaves, place, byBranch }: Picture,
): PickedBranch["blame"] {
  const narrowed = narrow(judgements, members);
  const first = Math.max(0, Math.min(place, place - branchesShown + 2));
  const ranking = leaves.slice(first, first + branchesShown).map(({ ranked }) => ranked);
  return {
    judgements: narrowed,
    branch: { by: byBranch.ranker.name, path, ranking },
    unitOf: (victim) => {
      if (byBranch.unit === "process") return undefined;
      const others = othersIn({ path, members }, victim, narrowed);
      if (others.length === 0) return undefined;
      return {
        isStorm: false,
        others,
        group: { kind: "memcg", path, whole: path, members: others.map(({ identity }) => identity) },
      };
    },
  };
}

/** The same judgements with nobody to choose but some. */
const narrow = (judgements: readonly Judgement[], members: ReadonlySet<Pid>): readonly Judgement[] =>
  judgements.map((judgement): Judgement => {
    const { kind, process } = judgement;
    const isIn = kind === "ineligible" || members.has(process.identity.pid);
    return isIn ? judgement : { kind: "ineligible", process, why: "out-of-scope" };
  });
