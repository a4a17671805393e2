import { once } from "node:events";
import { setPriority } from "node:os";
import { setTimeout } from "node:timers/promises";
import { rehearseKill } from "#daemon/rehearsal.ts";
import { linuxMachine } from "#linux/linux-machine.ts";
import { makeSacrifice } from "#linux/sacrifice.ts";
import type { Machine } from "#machine/machine.ts";
import { aPlan } from "#test/support/a-plan.ts";
import { toSignal } from "#test/support/decisions.ts";
import { identityOf } from "#test/support/start-hog.ts";
import { monotonicNs } from "./program-child.ts";

/** What is printed once it is over: when the signal was decided upon, and how the memory was given back. */
export interface Reaped {
  readonly at: number;
  readonly reap: string;
}

/** The priority of the daemon. */
const daemonNice = -20;

async function untilOver(machine: Machine, patienceMs: number): Promise<string> {
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const [victim] = machine.sense({ needs: [], isPressing: true }).victims;
    const reap = victim === undefined || !("reap" in victim) ? "refused" : victim.reap.kind;
    if (victim?.kind !== "alive" || performance.now() > deadline) return reap;
    await setTimeout(1);
  }
}

/** Kills that process at the first word on stdin, with its memory reaped or not. */
async function main([pid, how, patienceMs]: readonly string[]): Promise<void> {
  setPriority(daemonNice);
  using machine = linuxMachine();
  await rehearseKill({ machine, plan: aPlan(), makeSacrifice });
  const victim = identityOf(Number(pid));
  process.stdout.write("ready\n");
  await once(process.stdin, "data");
  const at = monotonicNs();
  machine.act(toSignal(victim, { signal: "SIGKILL", reapsAtOnce: how === "reap" }));
  const told: Reaped = { at, reap: await untilOver(machine, Number(patienceMs)) };
  process.stdout.write(`${JSON.stringify(told)}\n`);
  process.stdin.destroy();
}

await main(process.argv.slice(2));
