import { type GiverDecision, isAboutGivers } from "#domain/giver.ts";
import type { Outcome } from "#domain/outcome.ts";
import { add, below, type Milliseconds } from "#domain/units.ts";
import { makeBrokenActs } from "./broken-acts.ts";
import { breakFacts } from "./broken-facts.ts";
import { type Fault, type FaultSpell, findFault, injected, strikingAt } from "./fault.ts";
import type { Machine, Waker } from "./machine.ts";

/**
 * The same machine, but what lies below it fails at the times that are written down. It goes on keeping the promises of the
 * port: a fault shows as the kernel would show it, as a reading, an outcome or a report, and nothing is thrown.
 */
export function withFaults(machine: Machine, spells: readonly FaultSpell[]): Machine {
  const acts = makeBrokenActs(machine);
  const strikingNow = (): readonly Fault[] => strikingAt(spells, machine.now());

  const wakeSleepers = (): void => {
    if (findFault(strikingNow(), "unkillable") === undefined) acts.wakeSleepers();
  };

  /** Waits without an ear for anything but a call. What there is to hear is taken away, or no wait would last. */
  const waitDeafly = async (until: Milliseconds): Promise<Waker> => {
    let waker: Waker = "due";
    do {
      machine.sense({ needs: [], isPressing: true });
      waker = await machine.wait(until);
    } while (waker !== "called" && below(machine.now(), until));
    return waker === "called" ? waker : "due";
  };

  return {
    capabilities: machine.capabilities,
    now: () => machine.now(),
    sense(look) {
      wakeSleepers();
      const snapshot = machine.sense(look);
      const seen = breakFacts(snapshot, strikingAt(spells, snapshot.takenAt));
      return { ...seen, victims: acts.reports(snapshot.victims) };
    },
    act(decision) {
      wakeSleepers();
      const faults = strikingNow();
      if (!isAboutGivers(decision)) return acts.act(decision, faults);
      const full = findFault(faults, "no-processes");
      return (full && refuseToStart(decision, full.errno)) ?? machine.act(decision);
    },
    async wait(until) {
      const late = findFault(strikingNow(), "late");
      return late === undefined ? machine.wait(until) : waitDeafly(add(until, late.by));
    },
    wake: () => machine.wake(),
    [Symbol.dispose]: () => machine[Symbol.dispose](),
  };
}

/** Who was made ready before needs no new process. */
function refuseToStart(decision: GiverDecision, errno: string): Outcome | undefined {
  if (decision.kind !== "enlist") return undefined;
  const failure = injected("spawn", errno, "a giver");
  return { kind: "enlisted", lacking: decision.givers.map((giver) => ({ giver, failure })) };
}
