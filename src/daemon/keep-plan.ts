import type { Journal } from "#journal/journal.ts";
import type { Turn } from "./loop.ts";
import type { PlanInForce } from "./plan-reading.ts";
import { refitPlan } from "./refit-plan.ts";

/** The plan in force, from the start to the end of a loop. */
export interface KeptPlan {
  readonly inForce: PlanInForce;
  /** After a turn: the settings are read again if that was asked for, else fitted to a machine that was resized. */
  attend(done: Turn, isReloadAsked: boolean): void;
}

/** What keeping a plan needs of its surroundings. */
export interface KeepingPlan {
  readonly journal: Journal;
  /** Undefined: the settings are refused, and nothing changes. */
  readonly reload: () => PlanInForce | undefined;
  /** Is told of the plan at the start, and of each that takes its place. */
  readonly note: (plan: PlanInForce) => void;
}

/** Keeps the plan that a loop begins with. */
export function keepPlan(begun: PlanInForce, { journal, reload, note }: KeepingPlan): KeptPlan {
  let inForce = begun;
  note(begun);
  return {
    get inForce() {
      return inForce;
    },
    attend(done, isReloadAsked) {
      const before = inForce;
      inForce = isReloadAsked ? (reload() ?? before) : refitPlan({ ...done, inForce: before }, journal);
      if (inForce !== before) note(inForce);
    },
  };
}
