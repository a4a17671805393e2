import { SystemError, type SystemFailure } from "#domain/system-error.ts";
import { add, kib, type Milliseconds, milliseconds, subtract } from "#domain/units.ts";
import type { Plan } from "#engine/plan.ts";
import type { Journal } from "#journal/journal.ts";
import { failureOf } from "#linux/failure.ts";
import { type OwnMemory, readOwnMemory } from "#linux/own-memory.ts";
import type { Machine } from "#machine/machine.ts";
import type { Turn } from "./loop.ts";
import { tellDegraded } from "./protect.ts";
import { type Rehearsal, rehearseKill } from "./rehearsal.ts";

/** Becoming small and staying in memory. */
export interface Residency {
  /** To be awaited after each turn: one step of it is made while memory is calm. Undefined: there is nothing to do. */
  attend(done: Turn): Promise<void> | undefined;
}

/** What becoming resident needs of its surroundings. */
export interface ResidencyMeans {
  readonly machine: Machine;
  readonly journal: Journal;
  readonly plan: () => Plan;
  /** Whether memory is locked at all, and given back before. */
  readonly locks: boolean;
}

/** So often a kill is rehearsed before anything is given back: compiling hot code needs pages of V8 that a kill does not. */
const rehearsalsToCompile = 6;

/** A daemon that has nothing to prove: it touches nobody. */
export const notResident: Residency = { attend: () => undefined };

/**
 * After the start: a kill is rehearsed, what only the start needed is given back, what the rehearsal touches again is what a kill needs.
 * Twice, since the kernel brings neighbours of a page along; what is there after the last rehearsal is locked.
 */
export function becomeResident({ machine, journal, plan, locks }: ResidencyMeans): Residency {
  let spent = milliseconds(0);
  let given = kib(0);
  let memory: OwnMemory | undefined;

  const refuse = (failure: SystemFailure | undefined): void => tellDegraded(journal, "locked memory", failure);
  const rehearse = async (): Promise<void> => tellRehearsal(journal, await rehearseOrSay(machine, plan()));
  const giveBack = (): void => {
    // What is left of compiling; the collector is there because the daemon is started with it.
    globalThis.gc?.();
    memory ??= readOwnMemory();
    given = add(given, memory.giveBack());
  };
  const lock = (): void => {
    if (memory === undefined) return;
    refuse(memory.lock());
    const { resident, locked } = memory.measure();
    journal.emit("daemon.settled", {
      resident_kib: resident,
      locked_kib: locked,
      given_back_kib: given,
      took_ms: spent,
    });
  };

  const warmUp = Array.from({ length: rehearsalsToCompile }, () => rehearse);
  const steps: (() => Promise<void> | void)[] = locks
    ? [...warmUp, giveBack, rehearse, rehearse, giveBack, rehearse, rehearse, lock]
    : [rehearse];

  const make = async (step: () => Promise<void> | void): Promise<void> => {
    const began: Milliseconds = machine.now();
    try {
      await step();
    } catch (error) {
      // Whatever refuses to tell of our memory: then it is not locked, which is no reason to end.
      refuse(failureOf(error, "our own memory"));
    }
    spent = add(spent, subtract(machine.now(), began));
    // The next look is at once: it says whether there is calm for the next step.
    machine.wake();
  };

  return {
    attend({ engine }) {
      if (engine.alarm !== undefined) return undefined;
      const step = steps.shift();
      return step && make(step);
    },
  };
}

async function rehearseOrSay(machine: Machine, plan: Plan): Promise<Rehearsal> {
  try {
    return await rehearseKill(machine, plan);
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    return { kind: "failed", why: error.message };
  }
}

function tellRehearsal(journal: Journal, rehearsal: Rehearsal): void {
  if (rehearsal.kind === "killed") return;
  journal.emit("capability.missing", {
    capability: "proof that a process can be killed",
    consequence: `a kill that was rehearsed on a child of our own failed: ${rehearsal.why}`,
    advice: "see which rights the unit takes away, and what else refuses signals to processes",
  });
}
