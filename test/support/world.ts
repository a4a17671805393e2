import type { Giver } from "#domain/giver.ts";
import type { Identity } from "#domain/identity.ts";
import { identityKey } from "#domain/identity.ts";
import type { ProcessFacts } from "#domain/process.ts";
import { knownValue } from "#domain/snapshot.ts";
import { add, type KiB, milliseconds, type OomScoreAdj, subtract, type Uid } from "#domain/units.ts";
import type { VictimReport } from "#domain/victim-report.ts";
import type { Machine } from "#machine/machine.ts";

/** What a process of a world is to be like. */
export interface Behaviour {
  readonly name?: string;
  readonly size?: KiB;
  readonly uid?: Uid;
  readonly oomScoreAdj?: OomScoreAdj;
  readonly ignoresSigterm?: boolean;
  readonly isStopped?: boolean;
  readonly sharesMemory?: boolean;
  readonly isInMemcg?: boolean;
}

/** Who was started. All have filled their memory. */
export interface Started {
  readonly hog: Identity;
  /** The second process that uses the same memory, if one was asked for. */
  readonly sharer: Identity | undefined;
}

/** What a giver does when it is asked; whoever hangs heeds no signal but SIGKILL, or not even that. */
export type GiverBehaviour = "gives" | "fails" | "hangs";

/** A giver that can be made ready. */
export interface PreparedGiver {
  readonly giver: Giver;
  /** As the world knows it: what it held is given back. */
  readonly hasGiven: () => boolean;
}

/** A place where processes live and a machine watches them, for one test. */
export interface World extends AsyncDisposable {
  readonly machine: Machine;
  /** Who its hogs descend from. */
  readonly parentOfHogs: number;
  start(behaviour?: Behaviour): Promise<Started>;
  /** By which the memcg of those who are in one is asked for. */
  readonly memcg: () => string;
  /** One of each behaviour at most. */
  prepareGiver(behaviour: GiverBehaviour): Promise<PreparedGiver>;
  /** Ends one of its own by other hands than the machine's. */
  end(identity: Identity): void;
  /** As the world knows it, without asking the machine. A zombie is not alive. */
  isAlive(identity: Identity): boolean;
}

/** The same world, watched by another machine. @param end what is to be done before the world ends */
export const watchedBy = (machine: Machine, world: World, end?: () => Promise<unknown>): World => ({
  machine,
  parentOfHogs: world.parentOfHogs,
  start: world.start,
  memcg: world.memcg,
  prepareGiver: world.prepareGiver,
  end: world.end,
  isAlive: world.isAlive,
  async [Symbol.asyncDispose]() {
    await end?.();
    await world[Symbol.asyncDispose]();
  },
});

/** Longer than anything a test waits for takes, even on a busy machine. */
const patience = milliseconds(30_000);
const betweenLooks = milliseconds(20);

/** Lets time pass on the machine until something holds. @throws Error naming the claim when it does not come true */
export async function until(machine: Machine, claim: string, holds: () => boolean): Promise<void> {
  const began = machine.now();
  while (!holds()) {
    if (subtract(machine.now(), began) > patience) throw new Error(`It never came true that ${claim}`);
    // News are sensed first: a wait ends at once while there are any.
    machine.sense({ needs: [], isPressing: true });
    await machine.wait(add(machine.now(), betweenLooks));
  }
}

/** How a process looks in the table of the machine. */
export function findInTable(machine: Machine, identity: Identity): ProcessFacts | undefined {
  const table = knownValue(machine.sense({ needs: ["processes"], isPressing: false }).processes);
  return table?.processes.find((process) => identityKey(process.identity) === identityKey(identity));
}

/** What the machine reports of a victim. */
export const reportOn = (machine: Machine, identity: Identity): VictimReport | undefined =>
  machine
    .sense({ needs: [], isPressing: true })
    .victims.find((report) => identityKey(report.identity) === identityKey(identity));
