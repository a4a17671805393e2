import type { Decision } from "#domain/decision.ts";
import type { Giver, GiverReport } from "#domain/giver.ts";
import type { Outcome } from "#domain/outcome.ts";
import type { SimulatedMachine } from "./simulated-machine.ts";

/**
 * The same machine with every program on it that a rule could name. What such a program does nobody can know: once it was made ready, it asks as
 * the signal would that it stands for, in no time, and says that all went well.
 */
export function withVictimPrograms(machine: SimulatedMachine): SimulatedMachine {
  const ready = new Set<string>();
  const reports = new Map<string, GiverReport>();

  const enlist = (givers: readonly Giver[]): Outcome => {
    ready.clear();
    for (const { name } of givers.filter(isProgram)) ready.add(name);
    return machine.act({ kind: "enlist", givers: givers.filter((giver) => !isProgram(giver)) });
  };

  const ask = ({ program: { name }, ...decision }: Asking): Outcome => {
    const isReady = ready.delete(name);
    const { victim, sharers, alarm } = decision;
    // Who cannot be asked is held all the same, for the signal that follows.
    const outcome = machine.act(isReady ? decision : { kind: "adopt", victim, sharers, alarm });
    if (outcome.kind === "refused") return outcome;
    reports.set(name, { giver: name, ...(isReady ? { ...wellDone, at: machine.now() } : notReady) });
    return isReady ? { kind: "asked" } : notReady;
  };

  return {
    ...machine,
    sense(look) {
      const snapshot = machine.sense(look);
      return reports.size === 0 ? snapshot : { ...snapshot, givers: [...(snapshot.givers ?? []), ...reports.values()] };
    },
    act(decision) {
      if (decision.kind === "enlist") return enlist(decision.givers);
      if (isAsking(decision)) return ask(decision);
      if (decision.kind !== "dismiss" || !isProgram(decision.giver)) return machine.act(decision);
      reports.delete(decision.giver.name);
      return { kind: "released" };
    },
  };
}

type Asking = Extract<Decision, { kind: "signal" }> & { readonly program: Giver };

const isAsking = (decision: Decision): decision is Asking =>
  decision.kind === "signal" && decision.program !== undefined;

const isProgram = ({ means }: Giver): boolean => means.kind === "program";

const notReady = { kind: "unready", why: "not-ready" } as const;
const wellDone = { kind: "done", ending: { kind: "exited", status: 0 }, output: { beginning: "", bytes: 0 } } as const;
