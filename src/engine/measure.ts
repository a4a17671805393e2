import type { Measure } from "#domain/table-digest.ts";
import { initPid } from "#domain/units.ts";
import { appraise } from "./appraise.ts";
import type { BoundPolicy } from "./define-policy.ts";
import { noCircumstances } from "./match-rule.ts";
import type { Plan } from "./plan.ts";
import { ownRules } from "./ruling.ts";

/** What a measure depends on. */
type MeasuredBy = Pick<Plan, "policy" | "rules" | "preference" | "pageSize" | "guard">;

/**
 * What the plan ranks the whole machine's processes by, rules and guard included. Who asks, who was given up before, and whom its relatives
 * guard, is ranked like anybody else here: they are told apart when it is decided, and so is what rules ask beyond the process. The same
 * function until policy or rules change.
 */
export function measureOf(plan: MeasuredBy): Measure {
  const before = latest.get(plan.policy);
  if (before !== undefined && areSame(before.by, plan)) return before.measure;
  const { policy, rules, preference, pageSize, guard } = plan;
  const by: MeasuredBy = { policy, rules, preference, pageSize, guard };
  const standards = {
    policy,
    rules: ownRules(rules),
    circumstances: noCircumstances,
    preference,
    pageSize,
    isGuarding: guard.session,
    self: initPid,
    ancestors: nobody,
  };
  const measure: Measure = (process, total) => {
    const judgement = appraise(process, { ...standards, total });
    return judgement.kind === "eligible" ? judgement.candidate.badness.total : undefined;
  };
  latest.set(policy, { by, measure });
  return measure;
}

const nobody: ReadonlySet<never> = new Set();

/** By the policy, which is the same object until settings are read again. */
const latest = new WeakMap<BoundPolicy, { readonly by: MeasuredBy; readonly measure: Measure }>();

const areSame = (a: MeasuredBy, b: MeasuredBy): boolean =>
  a.rules === b.rules &&
  a.preference === b.preference &&
  a.pageSize === b.pageSize &&
  a.guard.session === b.guard.session;
