import type { Decision, NextLook } from "#domain/decision.ts";
import type { Outcome } from "#domain/outcome.ts";
import type { Snapshot } from "#domain/snapshot.ts";
import { atLeast, least, type Milliseconds } from "#domain/units.ts";
import { decide, type Verdict } from "#engine/decide.ts";
import { wishFor } from "#engine/digest-wish.ts";
import { type EngineState, initialState } from "#engine/engine-state.ts";
import { nextLook } from "#engine/pacing.ts";
import type { Plan } from "#engine/plan.ts";
import type { Journal } from "#journal/journal.ts";
import { reportDecision, reportFinding } from "#journal/report.ts";
import type { Machine } from "#machine/machine.ts";

/** Where the loop stands between two turns. */
export interface LoopState {
  readonly engine: EngineState;
  readonly next: NextLook;
}

/** What happened in one turn, for whoever watches the loop. */
export interface Turn extends LoopState {
  readonly snapshot: Snapshot;
  readonly verdict: Verdict;
  readonly outcomes: readonly Outcome[];
  /** Its look was taken in this turn. If not, it is the last of a quiet wait, and what ended that is looked at next, at once. */
  readonly isCurrent: boolean;
}

/** What the loop turns between. */
export interface LoopParts {
  readonly machine: Machine;
  readonly journal: Journal;
  /** The plan in force: a reload changes it between two turns. */
  readonly plan: () => Plan;
}

/** Before the first look. */
export function beginLoop({ machine, plan }: LoopParts): LoopState {
  const at = machine.now();
  const engine = initialState(at);
  return { engine, next: nextLook(engine, at, plan()) };
}

/** Act first, write down later: nothing stands between the last check of a victim and its signal. */
function act(machine: Machine, decisions: readonly Decision[]): readonly Outcome[] {
  return decisions.map((decision) => machine.act(decision));
}

function report(journal: Journal, { findings, decisions }: Verdict, outcomes: readonly Outcome[]): void {
  for (const finding of findings) reportFinding(journal, finding);
  for (const [index, decision] of decisions.entries()) {
    const outcome = outcomes[index];
    if (outcome !== undefined) reportDecision(journal, decision, outcome);
  }
}

/** sense → decide → act → journal. The wait is the caller's. */
export function turn({ machine, journal, plan }: LoopParts, { engine, next }: LoopState): Turn {
  const inForce = plan();
  const beganAt = machine.now();
  const snapshot = machine.sense({ ...next, ...wishFor(next, engine, inForce) });
  const verdict = decide(snapshot, engine, inForce);
  const outcomes = act(machine, verdict.decisions);
  report(journal, verdict, outcomes);
  journal.flush();
  const isCurrent = atLeast(snapshot.takenAt, beganAt);
  return { engine: verdict.state, next: verdict.next, snapshot, verdict, outcomes, isCurrent };
}

/** What accompanies a loop. */
export interface LoopCompany {
  readonly isStopping: () => boolean;
  /** Sees every turn, after it was journalled. */
  readonly watch: (turn: Turn) => void;
  /** When the next turn must come although nothing calls for it. Absent or undefined: it need not. */
  readonly latest?: () => Milliseconds | undefined;
}

/** Turns until told to stop. */
export async function runLoop(parts: LoopParts, { isStopping, watch, latest }: LoopCompany): Promise<void> {
  let state = beginLoop(parts);
  while (!isStopping()) {
    const done = turn(parts, state);
    watch(done);
    state = done;
    if (isStopping()) return;
    await waitFor(parts.machine, state.next, latest?.());
  }
}

/** Until the next look is due; while it would be idle, for as long as nobody else wants one. */
function waitFor(machine: Machine, { at, quiet }: NextLook, latest = quiet?.until ?? at): Promise<unknown> {
  return machine.wait(least(at, latest), quiet && { ...quiet, until: least(quiet.until, latest) });
}
