import type { OomScoreAdj } from "#domain/units.ts";
import type { Sacrifice } from "#linux/sacrifice.ts";
import type { SimulatedMachine } from "#simulated/simulated-machine.ts";

/** A child to be killed in a simulated machine, and who it is. */
export interface SimulatedSacrifice extends Sacrifice {
  /** Ends it by other hands. */
  end(): void;
}

/** Starts a process that is there to be killed. */
export function simulatedSacrifice(machine: SimulatedMachine, adj?: OomScoreAdj): SimulatedSacrifice {
  const identity = machine.start({ name: "sacrifice", ...(adj !== undefined && { oomScoreAdj: adj }) });
  const end = (): void => machine.kill(identity);
  let isGivenUp = false;
  return {
    pid: identity.pid,
    hasOwnMemory: () => true,
    hasEnded: () => !machine.isAlive(identity),
    hasDied: () => !isGivenUp && !machine.isAlive(identity),
    end() {
      isGivenUp = true;
      end();
    },
    [Symbol.dispose]: end,
  };
}
