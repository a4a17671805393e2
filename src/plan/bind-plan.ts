import { below, type KiB, percentOf } from "#domain/units.ts";
import { type BoundDetector, bindDetector } from "#engine/define-detector.ts";
import { type BoundPolicy, bindPolicy } from "#engine/define-policy.ts";
import type { AutoBasis, Options, OptionValues } from "#engine/option.ts";
import type { BranchPlan, MemcgPlan, Plan, ScopePlan } from "#engine/plan.ts";
import type { Rule } from "#engine/rule.ts";
import type { Watermarks } from "#engine/watermarks.ts";
import { policies } from "#policies/catalogue.ts";
import { detectors } from "#policies/detectors/catalogue.ts";
import { rankers } from "#policies/rankers.ts";
import { highestWatermark } from "./highest-watermark.ts";
import { planLimits } from "./memcg-limits.ts";
import type { BranchRecipe, Chosen, MemcgRecipe, PlanRecipe } from "./recipe.ts";
import { resolveWatermarks } from "./watermarks.ts";

/** Makes a plan of its recipe, and of its rules. @throws Error for a name that is in no catalogue: who wrote the recipe has proven them */
export const bindPlan = (recipe: PlanRecipe, rules: readonly Rule[]): Plan => ({
  ...recipe,
  detectors: recipe.detectors.map((chosen) => bindChosen(chosen, {})),
  policy: bindChosenPolicy(recipe.policy),
  rules,
  memcgs: recipe.memcgs.map((memcg) => bindMemcg(memcg, recipe)),
});

function bindChosen({ name, options }: Chosen, own: Readonly<Record<string, unknown>>): BoundDetector {
  return bindDetector(named(detectors, name), { ...options, ...own } as OptionValues<Options>);
}

function bindChosenPolicy({ name, options }: Chosen): BoundPolicy {
  return bindPolicy(named(policies, name), options as Parameters<typeof bindPolicy>[1]);
}

const bindMemcg = (recipe: MemcgRecipe, { headroom }: Pick<PlanRecipe, "headroom">): MemcgPlan => ({
  path: recipe.path,
  ...(recipe.byBranch && { byBranch: bindBranch(recipe.byBranch) }),
  within(capacity) {
    const own = planLimits(recipe.limits, capacity);
    const common = capacity.limit === undefined ? bindUnlimited(recipe, headroom) : bindWithin(recipe, capacity.limit);
    if (common === undefined) return "limit-too-small";
    // A limit of its own comes first: where headroom is still recovering, that must not stand before it.
    const alarms = [...own.alarms, ...common.alarms];
    return alarms.length === 0
      ? "unlimited"
      : { headroom: common.headroom, detectors: [...own.detectors, ...common.detectors], alarms };
  },
});

const bindBranch = ({ by, recursive, unit }: BranchRecipe): BranchPlan => ({ ranker: rankers[by], recursive, unit });

function bindWithin({ marks, detectors: chosen, alarms }: MemcgRecipe, limit: KiB): ScopePlan | undefined {
  const headroom = resolveWatermarks(marks, { ram: limit, userMemory: limit });
  if (below(percentOf(highestWatermark, limit), headroom.high)) return undefined;
  const basis = { headroom, userMemory: limit };
  return { headroom, detectors: chosen.map((each) => bindChosen(each, followed(each, basis))), alarms };
}

/** Without a limit a memcg is as short of memory as the machine is, by the machine's watermarks. */
const bindUnlimited = ({ unlimited: { detectors: chosen, alarms } }: MemcgRecipe, headroom: Watermarks): ScopePlan => ({
  headroom,
  detectors: chosen.map((each) => bindChosen(each, {})),
  alarms,
});

/** The amounts among the options of a detector: what was written about them means the machine, those of a memcg follow its limit. */
const followed = ({ name }: Chosen, basis: AutoBasis): Readonly<Record<string, KiB>> =>
  Object.fromEntries(
    Object.entries(named(detectors, name).options).flatMap(([key, option]) =>
      option.kind === "amount" ? [[key, option.auto(basis)] as const] : [],
    ),
  );

function named<T extends { readonly name: string }>(catalogue: readonly T[], name: string): T {
  const found = catalogue.find((each) => each.name === name);
  if (found === undefined) throw new Error(`Cannot make a plan: nothing is called "${name}"`);
  return found;
}
