import { linuxMachine } from "#linux/linux-machine.ts";
import { linuxGiver } from "./linux-givers.ts";
import { endProcess, type Hog, isProcessAlive, startHog } from "./start-hog.ts";
import type { World } from "./world.ts";

/** This very machine, with hogs of its own: small, short-lived, and the only ones any decision of a test is about. */
export function linuxWorld(): World {
  const machine = linuxMachine();
  const hogs: Hog[] = [];
  return {
    machine,
    parentOfHogs: process.pid,
    async start(behaviour) {
      const hog = await startHog(behaviour);
      hogs.push(hog);
      return hog;
    },
    async prepareGiver(behaviour) {
      const { hog } = await this.start();
      return { giver: linuxGiver(behaviour, hog.pid), hasGiven: () => !isProcessAlive(hog) };
    },
    end: endProcess,
    isAlive: isProcessAlive,
    async [Symbol.asyncDispose]() {
      machine[Symbol.dispose]();
      await Promise.all(hogs.map((hog) => hog.end()));
    },
  };
}
