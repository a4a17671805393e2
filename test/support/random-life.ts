import type { NextLook } from "#domain/decision.ts";
import type { Snapshot } from "#domain/snapshot.ts";
import type { Milliseconds } from "#domain/units.ts";
import { decide, type Verdict } from "#engine/decide.ts";
import { type EngineState, initialState } from "#engine/engine-state.ts";
import type { Plan } from "#engine/plan.ts";
import type { Machine } from "#machine/machine.ts";
import { deepFreeze } from "#test/support/deep-freeze.ts";

/** One look, and what was decided at it. */
export interface Moment {
  readonly snapshot: Snapshot;
  readonly before: EngineState;
  readonly verdict: Verdict;
}

/** A machine to live on, and for how long. */
export interface Life {
  readonly machine: Machine;
  readonly plan: Plan;
  readonly duration: Milliseconds;
  readonly mostLooks: number;
  /** How a wait goes. Default: as the machine has it. */
  readonly wait?: (until: Milliseconds) => Promise<unknown>;
}

/** Looks, decides and acts until time or looks are over, or a visit answers false; every input of the engine is frozen, so that a mutation throws. */
export async function liveThrough(life: Life, visit: (moment: Moment) => unknown): Promise<void> {
  const { machine, plan, duration, mostLooks, wait = (until) => machine.wait(until) } = life;
  deepFreeze(plan);
  let state = initialState(machine.now());
  let next: NextLook = { at: machine.now(), needs: ["meminfo", "pressure"], isPressing: false };
  for (let looks = 0; looks < mostLooks && machine.now() < duration; looks += 1) {
    const snapshot = deepFreeze(machine.sense(next));
    const verdict = decide(snapshot, deepFreeze(state), plan);
    for (const decision of verdict.decisions) machine.act(decision);
    if (visit({ snapshot, before: state, verdict }) === false) return;
    ({ state, next } = verdict);
    await wait(next.at);
  }
}

/** Holds every claim against a moment. @throws Error that names the claim which is broken, and when */
export function holdAll<M extends Moment, C>(
  claims: Readonly<Record<string, (moment: M, subject: C) => void>>,
  moment: M,
  subject: C,
): void {
  for (const [claim, check] of Object.entries(claims)) {
    try {
      check(moment, subject);
    } catch (cause) {
      throw new Error(`Broken at ${moment.snapshot.takenAt} ms: it ${claim}`, { cause });
    }
  }
}
