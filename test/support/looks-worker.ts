import { beginLoop, type LoopState, turn } from "#daemon/loop.ts";
import { linuxMachine } from "#linux/linux-machine.ts";
import { aPlan } from "#test/support/a-plan.ts";
import { silentJournal } from "#test/support/silent-journal.ts";

/** What a process that has looked so often holds. */
export interface LookerHolds {
  readonly looks: number;
  readonly heapBytes: number;
}

/** Looks at this machine as the daemon does in calm, without the waits between, and prints what it holds at times after a full collection. */
function main(every: number, rounds: number): void {
  using machine = linuxMachine();
  const plan = aPlan();
  const journal = silentJournal(() => machine.now());
  const parts = { machine, journal, plan: () => plan };
  let state: LoopState = beginLoop(parts);
  const held: LookerHolds[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    for (let look = 0; look < every; look += 1) {
      const { engine, next } = turn(parts, state);
      state = { engine, next };
    }
    globalThis.gc?.();
    held.push({ looks: (round + 1) * every, heapBytes: process.memoryUsage().heapUsed });
  }
  process.stdout.write(JSON.stringify(held));
}

main(Number(process.argv[2]), Number(process.argv[3]));
