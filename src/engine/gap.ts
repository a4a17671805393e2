import type { Snapshot } from "#domain/snapshot.ts";
import { atLeast, below, lessened, type Milliseconds, milliseconds, seconds, subtract } from "#domain/units.ts";
import { type EngineState, proveAnew } from "./engine-state.ts";
import { changeElsewhere } from "./scope-state.ts";
import { type Step, stay } from "./step.ts";

/** A look comes no later than this for want of a CPU or because a large process table had to be read. */
const patience = milliseconds(500);

/**
 * Whoever comes late again within this time is not stopped but starved, by the very machine it should look after: then
 * what grew between the looks is evidence, lest it never find any.
 */
const starving = seconds(10);

/**
 * Notices that nobody looked for much longer than planned: the machine was suspended, a virtual one paused, or we were
 * stopped. A task that waited for memory when the machine was paused has waited for all that time in the eyes of PSI.
 * Windows and the trend begin anew; what is there now (headroom, zones) is as true as ever and is answered at once.
 */
export function noticeGap(snapshot: Snapshot, state: EngineState): Step {
  const { takenAt: at, sleptFor = milliseconds(0), hasBeenQuiet } = snapshot;
  const late = state.dueAt === undefined || hasBeenQuiet ? milliseconds(0) : lessened(at, state.dueAt);
  const isSuspended = atLeast(sleptFor, patience);
  if (!isSuspended && (below(late, patience) || hasJustRestarted(state, at))) return stay(state);
  return {
    decisions: [],
    findings: [{ kind: "look-missed", late, slept: sleptFor }],
    state: {
      ...changeElsewhere(proveAnew(state), () => ({ trend: undefined })),
      trend: undefined,
      restartedAt: at,
    },
  };
}

const hasJustRestarted = ({ restartedAt }: EngineState, at: Milliseconds): boolean =>
  restartedAt !== undefined && below(subtract(at, restartedAt), starving);
