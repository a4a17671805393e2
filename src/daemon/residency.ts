import { SystemError, type SystemFailure } from "#domain/system-error.ts";
import {
  add,
  atLeast,
  below,
  greatest,
  kib,
  type Milliseconds,
  milliseconds,
  scale,
  seconds,
  subtract,
} from "#domain/units.ts";
import type { Plan } from "#engine/plan.ts";
import type { Journal } from "#journal/journal.ts";
import { failureOf } from "#linux/failure.ts";
import type { OwnMemory } from "#linux/own-memory.ts";
import type { Sacrifice } from "#linux/sacrifice.ts";
import type { Machine } from "#machine/machine.ts";
import { brief, isCalm, lengthy } from "./calm.ts";
import type { Turn } from "./loop.ts";
import { tellDegraded } from "./protect.ts";
import { beginRehearsal, type Rehearsal, type RehearsalEnding } from "./rehearsal.ts";

/** Becoming small and staying in memory. Giving it up ends what is under way. */
export interface Residency extends Disposable {
  /** After each turn: while memory is calm now, one step is made, which takes no longer than a look. */
  attend(done: Turn): void;
  /** When the next turn is wanted. Undefined: it need not come for our sake. */
  readonly wantsAt: Milliseconds | undefined;
}

/** What becoming resident needs of its surroundings. */
export interface ResidencyMeans {
  readonly machine: Machine;
  readonly journal: Journal;
  readonly plan: () => Plan;
  /** Whether memory is locked at all, and given back before. */
  readonly locks: boolean;
  readonly makeSacrifice: () => Sacrifice;
  readonly readMemory: () => OwnMemory;
}

type Step = "warm-up" | "rehearse" | "give-back" | "lock";

/** So often a kill is rehearsed before anything is given back: compiling hot code needs pages of V8 that a kill does not. */
export const rehearsalsToCompile = 6;
/** Where that has taken so much of a processor, it has been enough. */
const warmUpBudget = seconds(1);

/**
 * A kill is rehearsed, what only the start needed is given back, what the rehearsal touches again is what a kill needs.
 * Twice, since the kernel brings neighbours of a page along; what is there after the last rehearsal is locked.
 */
const stepsToLock: readonly Step[] = [
  ...Array.from({ length: rehearsalsToCompile }, () => "warm-up" as const),
  ...(["give-back", "rehearse", "rehearse"] as const),
  ...(["give-back", "rehearse", "rehearse"] as const),
  "lock",
];

/** Code that has never run makes the first kill take three times as long: it is run where there is little room as well. */
const timeFor = (step: Step): Milliseconds => (step === "give-back" || step === "lock" ? lengthy : brief);

/** After each step this many times as long is left to others. */
const rest = 3;
/** So long nothing may have been wrong. */
const calmBefore = seconds(5);
/** After a rehearsal that said nothing the next one is so far away, and then the next; after the last there is none. */
const retries: readonly Milliseconds[] = [seconds(30), seconds(120)];

/** A daemon that has nothing to prove: it touches nobody. */
export const notResident: Residency = {
  attend: () => undefined,
  wantsAt: undefined,
  [Symbol.dispose]: () => undefined,
};

/** What happens after the start, a step after each calm look. */
export function becomeResident(means: ResidencyMeans): Residency {
  const { machine, journal, plan, locks } = means;
  let steps: readonly Step[] = locks ? stepsToLock : ["rehearse"];
  let notBefore: Milliseconds | undefined;
  /** Nobody is woken to see that there is no calm yet. */
  let wantsLook = false;
  let spent = milliseconds(0);
  let given = kib(0);
  let rehearsals = 0;
  let failedTries = 0;
  let memory: OwnMemory | undefined;
  let rehearsal: Rehearsal | undefined;
  /** One that is given up, and of which the child has not ended. */
  let leaving: Rehearsal | undefined;

  const refuse = (failure: SystemFailure | undefined): void => tellDegraded(journal, "locked memory", failure);
  const putOff = (span: Milliseconds): void => {
    notBefore = add(machine.now(), span);
  };
  const giveUpRehearsal = (): void => {
    rehearsal?.[Symbol.dispose]();
    leaving = rehearsal ?? leaving;
    rehearsal = undefined;
  };
  const advance = (): void => {
    steps = steps.slice(1);
    if (!below(spent, warmUpBudget)) steps = steps.filter((step) => step !== "warm-up");
  };
  /** What cannot be rehearsed is not given back either. */
  const skipToLock = (): void => {
    steps = steps.filter((step) => step === "lock");
  };

  const conclude = (ending: RehearsalEnding): void => {
    giveUpRehearsal();
    switch (ending.kind) {
      case "killed":
        rehearsals += 1;
        advance();
        return;
      case "refused":
        tellUnproven(journal, `a kill that was rehearsed on a child of our own was refused: ${ending.why}`, rights);
        skipToLock();
        return;
      case "inconclusive": {
        const distance = retries[failedTries];
        failedTries += 1;
        if (distance !== undefined) {
          putOff(distance);
          return;
        }
        const what = `${failedTries} rehearsals on a child of our own came to no end`;
        tellUnproven(journal, `${what}: ${ending.why}`, slowness);
        skipToLock();
      }
    }
  };

  const rehearse = (): void => {
    // One child at a time.
    if (leaving !== undefined && !leaving.isBuried()) {
      putOff(calmBefore);
      return;
    }
    leaving = undefined;
    rehearsal ??= beginRehearsal({ ...means, plan: plan() });
    const ending = rehearsal.look();
    if (ending === undefined) notBefore = rehearsal.dueAt;
    else conclude(ending);
  };

  const giveBack = (): void => {
    memory ??= means.readMemory();
    given = add(given, memory.giveBack());
    advance();
  };

  const lock = (): void => {
    advance();
    memory ??= means.readMemory();
    refuse(memory.lock());
    const { resident, locked } = memory.measure();
    const held = { resident_kib: resident, locked_kib: locked, given_back_kib: given };
    journal.emit("daemon.settled", { ...held, rehearsals, took_ms: spent });
  };

  const make = (step: Step): void => {
    if (step === "give-back") giveBack();
    else if (step === "lock") lock();
    else rehearse();
  };

  /** Whatever refuses us a child, or to tell of our memory: that is no reason to end. */
  const mend = (error: unknown, step: Step): void => {
    if (step === "give-back" || step === "lock") {
      refuse(failureOf(error, "our own memory"));
      steps = [];
    } else if (error instanceof SystemError) conclude({ kind: "refused", why: error.message });
    else throw error;
  };

  const attempt = (step: Step): void => {
    const began = machine.now();
    notBefore = undefined;
    try {
      make(step);
    } catch (error) {
      mend(error, step);
    }
    const took = subtract(machine.now(), began);
    spent = add(spent, took);
    notBefore = greatest(notBefore ?? began, add(machine.now(), scale(took, rest)));
  };

  return {
    attend({ engine, isCurrent }) {
      // Its ending is taken, whatever else is.
      if (leaving?.isBuried() === true) leaving = undefined;
      const [step] = steps;
      if (step === undefined || !isCurrent) return;
      wantsLook = isCalm(engine, timeFor(step), plan());
      if (!wantsLook) {
        giveUpRehearsal();
        putOff(calmBefore);
      } else if (notBefore === undefined || atLeast(machine.now(), notBefore)) attempt(step);
    },
    get wantsAt() {
      return steps.length > 0 && wantsLook ? notBefore : undefined;
    },
    [Symbol.dispose]() {
      giveUpRehearsal();
      memory?.[Symbol.dispose]();
    },
  };
}

const rights = "see which rights the unit takes away, and what else refuses signals to processes";
const slowness =
  "nothing is to be done on a machine that is slow or busy; the first real kill may take longer there, because its code was not rehearsed";

const tellUnproven = (journal: Journal, consequence: string, advice: string): void =>
  journal.emit("capability.missing", { capability: "proof that a process can be killed", consequence, advice });
