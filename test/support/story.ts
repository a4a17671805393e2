import { add, least, type Milliseconds } from "#domain/units.ts";
import type { MachineEvent } from "#simulated/machine-event.ts";
import type { SimulatedMachine } from "#simulated/simulated-machine.ts";

/** Lets virtual time pass, through all news and pressure. */
export async function passTime(machine: SimulatedMachine, span: Milliseconds): Promise<void> {
  const end = add(machine.now(), span);
  while (machine.now() < end) {
    await machine.wait(end);
    machine.sense({ needs: [], isPressing: true });
  }
}

/** Lets virtual time pass in small steps until something holds. Returns when it did; undefined: it never did. */
export async function timeUntil(
  machine: SimulatedMachine,
  holds: () => boolean,
  { step, within }: { readonly step: Milliseconds; readonly within: Milliseconds },
): Promise<Milliseconds | undefined> {
  const end = add(machine.now(), within);
  while (!holds()) {
    if (machine.now() >= end) return undefined;
    await passTime(machine, least(step, within));
  }
  return machine.now();
}

/** What happened of one kind, in order. */
export const eventsOf = <K extends MachineEvent["kind"]>(
  machine: SimulatedMachine,
  kind: K,
): readonly Extract<MachineEvent, { kind: K }>[] =>
  machine.events.filter((event): event is Extract<MachineEvent, { kind: K }> => event.kind === kind);
