import { appraise, type Judgement, type Standards } from "./appraise.ts";

/** Somebody who goes when nobody else can. */
export const isGuarded = (judgement: Judgement): boolean =>
  judgement.kind === "ineligible" && judgement.guard !== undefined;

/**
 * The same judgements with the session given up: who is guarded can be chosen, and says so. Asked for when nobody else can be; a machine
 * that cannot go on takes the session with it.
 */
export const giveUpSession = (judgements: readonly Judgement[], standards: Standards): readonly Judgement[] =>
  judgements.map((judgement) => {
    if (judgement.kind === "eligible" || judgement.guard === undefined) return judgement;
    const { process, guard } = judgement;
    const given = appraise(process, { ...standards, isGuarding: false });
    return given.kind === "eligible" ? { ...given, candidate: { ...given.candidate, guard } } : given;
  });
