import { runLoop } from "#daemon/loop.ts";
import { atLeast, bytes, type Milliseconds } from "#domain/units.ts";
import type { Plan } from "#engine/plan.ts";
import type { Entry } from "#journal/entry.ts";
import type { Level } from "#journal/event.ts";
import { createJournal, type Journal } from "#journal/journal.ts";
import type { Outlet } from "#journal/outlet.ts";
import { createSink } from "#journal/sink.ts";
import type { MachineEvent } from "#simulated/machine-event.ts";
import type { SimulatedMachine } from "#simulated/simulated-machine.ts";

/** A simulated story, told. All times are virtual milliseconds since its beginning. */
export interface Story {
  /** What the journal would have held; `wallTime` is virtual. */
  readonly entries: readonly Entry[];
  /** What happened on the machine. */
  readonly events: readonly MachineEvent[];
  readonly looks: number;
  readonly ended: Milliseconds;
}

const nowhere: Outlet = { tryWrite: (content) => content.length, waitForRoom: () => true };

/** A journal that keeps its entries instead of printing them. */
function keepingJournal(machine: SimulatedMachine, level: Level, entries: Entry[]): Journal {
  return createJournal({
    sink: createSink(nowhere, bytes(2 ** 16)),
    encode: (entry) => {
      entries.push(entry);
      return "";
    },
    level,
    now: () => machine.now(),
    wallTime: () => machine.now(),
  });
}

/** Plays a scenario with the very loop, engine and journal of the daemon. */
export async function simulate(
  machine: SimulatedMachine,
  plan: Plan,
  { duration, level = "info" }: { readonly duration: Milliseconds; readonly level?: Level },
): Promise<Story> {
  const entries: Entry[] = [];
  const journal = keepingJournal(machine, level, entries);
  let looks = 0;
  await runLoop(
    { machine, journal, plan: () => plan },
    {
      isStopping: () => atLeast(machine.now(), duration),
      watch: () => {
        looks += 1;
      },
    },
  );
  return { entries, events: machine.events, looks, ended: machine.now() };
}
