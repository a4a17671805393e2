import type { GiverResult } from "#domain/finding.ts";
import type { GiverReport } from "#domain/giver.ts";
import type { Snapshot } from "#domain/snapshot.ts";
import { atLeast, type Milliseconds, subtract } from "#domain/units.ts";
import { type AskedProgram, deadlineOf } from "./ask-by-program.ts";
import type { EngineState } from "./engine-state.ts";
import { allScopes } from "./scope-state.ts";
import { type Step, stay } from "./step.ts";

/** Hears what became of the program, and stops it when its time is up, whether the victim lives or not. */
export function followProgram(state: EngineState, { givers, takenAt: at }: Snapshot): Step {
  const { program: asked } = state;
  if (asked === undefined) return stay(state);
  if (asked.result !== undefined) return stay(isAwaited(state) ? state : forgetProgram(state));
  const { program, victim } = asked;
  const result = resultOf(
    givers?.find(({ giver }) => giver === program.name),
    asked,
    at,
  );
  if (result === undefined) return stay(state);
  // A victim that was refused, or is only rehearsed, has nobody run anything.
  const isRun = result.kind !== "unready" || result.why !== "not-reported";
  return {
    decisions: isRun ? [{ kind: "dismiss", giver: program }] : [],
    findings: isRun ? [{ kind: "program-ended", program, victim, after: subtract(at, asked.at), result }] : [],
    state: { ...state, program: { ...asked, result } },
  };
}

/** Undefined: it runs, and has time left. */
function resultOf(report: GiverReport | undefined, asked: AskedProgram, at: Milliseconds): GiverResult | undefined {
  switch (report?.kind) {
    case "giving":
      return atLeast(at, deadlineOf(asked)) ? { kind: "timed-out" } : undefined;
    case "done":
      return { kind: "ended", ending: report.ending, output: report.output };
    case "unready":
      return { kind: "unready", why: report.why };
    case "rehearsed":
    case undefined:
      return { kind: "unready", why: "not-reported" };
  }
}

/** Its victim may still be signalled because of how it ended. */
const isAwaited = (state: EngineState): boolean =>
  allScopes(state).some(({ inFlight }) => inFlight?.signalInReserve !== undefined);

/** Another process is made ready in its place, in calm. The whole machine is in view when a look begins. */
const forgetProgram = (state: EngineState): EngineState => ({
  ...state,
  program: undefined,
  notify: { ...state.notify, enlisted: undefined },
});
