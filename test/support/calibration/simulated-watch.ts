import { add, atLeast, below, type KiB, kibToMiB, least, milliseconds } from "#domain/units.ts";
import type { SimulatedMachine } from "#simulated/simulated-machine.ts";
import type { Happening, Moment } from "./moments.ts";
import { heldMark, type Watched } from "./stories.ts";

/** What is to be noticed of a simulated machine. */
export interface WatchWish {
  /** Names of processes. */
  readonly names: readonly string[];
  readonly marks: Pick<Watched["marks"], "low" | "min"> | undefined;
}

/** As often as the real one is looked at. */
const pause = milliseconds(1);

/** A simulated machine that is looked at through its window while it waits: what is watched for is noticed, and nothing else changes. */
export function withWatcher(
  machine: SimulatedMachine,
  { names, marks }: WatchWish,
): { readonly machine: SimulatedMachine; readonly moments: readonly Moment[] } {
  const seen = new Map<Happening, Moment>();
  const notice = (what: Happening, holds: boolean): void => {
    if (holds && !seen.has(what)) seen.set(what, { at: machine.now(), what });
  };
  const look = (): void => {
    const { available } = machine.meminfo();
    for (const name of names) notice(`${name} holds ${kibToMiB(heldMark)} MiB`, isFull(machine, name));
    if (available === undefined || marks === undefined) return;
    for (const watermark of ["low", "min"] as const) notice(`${watermark} crossed`, below(available, marks[watermark]));
  };
  const watched: SimulatedMachine = {
    ...machine,
    async wait(until) {
      do {
        const waker = await machine.wait(least(until, add(machine.now(), pause)));
        look();
        if (waker !== "due") return waker;
      } while (below(machine.now(), until));
      return "due";
    },
  };
  return {
    machine: watched,
    get moments() {
      return [...seen.values(), ...momentsOfEvents(machine)];
    },
  };
}

function isFull(machine: SimulatedMachine, name: string): boolean {
  const identity = machine.find(name);
  const held: KiB | undefined = identity && machine.anonOf(identity);
  return held !== undefined && atLeast(held, heldMark);
}

const momentsOfEvents = ({ events }: SimulatedMachine): readonly Moment[] =>
  events.flatMap((event): readonly Moment[] => {
    if (event.kind === "exited") return [{ at: event.at, what: `${event.comm} is gone` }];
    return event.kind === "kernel-oom-kill" ? [{ at: event.at, what: `the kernel kills ${event.comm}` }] : [];
  });
