import { type CurvePoint, pointOf } from "#daemon/curve.ts";
import { keptJournal } from "#daemon/kept-journal.ts";
import { runLoop } from "#daemon/loop.ts";
import { atLeast, type Milliseconds } from "#domain/units.ts";
import type { Plan } from "#engine/plan.ts";
import type { Entry } from "#journal/entry.ts";
import type { Level } from "#journal/event.ts";
import type { MachineEvent } from "#simulated/machine-event.ts";
import type { SimulatedMachine } from "#simulated/simulated-machine.ts";
import type { Interactivity } from "#simulated/wakes.ts";

/** A simulated story, told. All times are virtual milliseconds since its beginning. */
export interface Story {
  /** What the journal would have held; `wallTime` is virtual. */
  readonly entries: readonly Entry[];
  /** What happened on the machine. */
  readonly events: readonly MachineEvent[];
  readonly looks: number;
  /** What each look saw. */
  readonly curve: readonly CurvePoint[];
  readonly ended: Milliseconds;
  /** How those fared who sat before the machine. */
  readonly interactivity: readonly Interactivity[];
}

/** Plays a scenario with the very loop, engine and journal of the daemon. */
export async function simulate(
  machine: SimulatedMachine,
  plan: Plan,
  { duration, level = "info" }: { readonly duration: Milliseconds; readonly level?: Level },
): Promise<Story> {
  const entries: Entry[] = [];
  const now = () => machine.now();
  const journal = keptJournal({ keep: (entry) => entries.push(entry), level, now, wallTime: now });
  const curve: CurvePoint[] = [];
  let looks = 0;
  await runLoop(
    { machine, journal, plan: () => plan },
    {
      isStopping: () => atLeast(machine.now(), duration),
      watch: (turn) => {
        looks += 1;
        curve.push(...pointOf(turn));
      },
    },
  );
  const interactivity = machine.interactivity();
  return { entries, events: machine.events, looks, curve, ended: machine.now(), interactivity };
}
