import { readdirSync } from "node:fs";
import { rehearseKill } from "#daemon/rehearsal.ts";
import { linuxMachine } from "#linux/linux-machine.ts";
import { readOwnMemory } from "#linux/own-memory.ts";
import { makeSacrifice } from "#linux/sacrifice.ts";
import { aPlan } from "#test/support/a-plan.ts";

/** What a process that has killed so often holds. */
export interface KillerHolds {
  readonly kills: number;
  readonly heapBytes: number;
  readonly residentKib: number;
  readonly descriptors: number;
  readonly threads: number;
}

/** After a full collection. */
function measure(kills: number): KillerHolds {
  globalThis.gc?.();
  return {
    kills,
    heapBytes: process.memoryUsage().heapUsed,
    residentKib: Math.round(process.memoryUsage.rss() / 1024),
    descriptors: readdirSync("/proc/self/fd").length,
    threads: readdirSync("/proc/self/task").length,
  };
}

/** Kills children of its own, each by a whole decision of the daemon's loop, and prints what it holds at times. */
async function main(every: number, rounds: number): Promise<void> {
  using machine = linuxMachine();
  using memory = readOwnMemory();
  const plan = aPlan();
  const held: KillerHolds[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    for (let kill = 0; kill < every; kill += 1) {
      const ending = await rehearseKill({ machine, plan, makeSacrifice });
      if (ending.kind !== "killed") throw new Error(`Kill ${kill} of round ${round} was ${ending.kind}: ${ending.why}`);
    }
    // What the first kills need is compiled and made by then, as in the daemon; from here on its memory is locked.
    if (round === 0) memory.lock();
    held.push(measure(round * every));
  }
  process.stdout.write(JSON.stringify(held));
}

await main(Number(process.argv[2]), Number(process.argv[3]));
