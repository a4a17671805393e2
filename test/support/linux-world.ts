import { linuxMachine } from "#linux/linux-machine.ts";
import { makeV1Cgroup, type V1Cgroup } from "./conformance/v1-cgroup.ts";
import { linuxGiver } from "./linux-givers.ts";
import { endProcess, type Hog, isProcessAlive, startHog } from "./start-hog.ts";
import type { World } from "./world.ts";

/** This very machine, with hogs of its own: small, short-lived, and the only ones any decision of a test is about. */
export function linuxWorld(): World {
  const machine = linuxMachine();
  const hogs: Hog[] = [];
  let memcg: V1Cgroup | undefined;
  return {
    machine,
    parentOfHogs: process.pid,
    memcg: () => memcg?.path ?? "/",
    async start(behaviour) {
      const hog = await startHog(behaviour);
      hogs.push(hog);
      if (behaviour?.isInMemcg) {
        memcg ??= makeV1Cgroup("memory");
        memcg.write("cgroup.procs", String(hog.hog.pid));
      }
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
      await memcg?.[Symbol.asyncDispose]();
    },
  };
}
