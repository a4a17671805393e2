import { type Giver, type GiverDecision, type GiverReport, isAboutGivers, type Unready } from "#domain/giver.ts";
import type { Identity } from "#domain/identity.ts";
import type { Outcome } from "#domain/outcome.ts";
import { add, atLeast, type KiB, least, type Milliseconds, milliseconds, oomScoreAdjMin } from "#domain/units.ts";
import type { SimulatedMachine } from "./simulated-machine.ts";

/** A giver by the name it has in the settings, and what it will do when it is asked. */
export interface GiverScript {
  readonly name: string;
  /** What it holds until then. */
  readonly holds: KiB;
  /** From being asked to letting go of it. */
  readonly after: Milliseconds;
  /** `hangs`: it never ends, not even when it is stopped, as in uninterruptible sleep. `fails`: it ends and keeps what it holds. */
  readonly behaves: "gives" | "hangs" | "fails";
}

interface Asked {
  readonly script: GiverScript;
  readonly dueAt: Milliseconds;
  isDue: boolean;
  doneAt: Milliseconds | undefined;
}

/** While one lets go of its memory, it is seen so often whether all of it is back. */
const betweenGlances = milliseconds(1);

/** The same machine with processes on it that give their memory back when they are asked. */
export function withGivers(machine: SimulatedMachine, scripts: readonly GiverScript[]): SimulatedMachine {
  const holders = new Map<string, Identity>();
  for (const { name, holds } of scripts) {
    holders.set(name, machine.start({ name: `giver-${name}`, anon: holds, oomScoreAdj: oomScoreAdjMin }));
  }
  const ready = new Set<string>();
  const asked = new Map<string, Asked>();
  const unready = new Map<string, Unready>();
  const hanging = new Set<string>();
  let hasNews = false;

  const enlist = (givers: readonly Giver[]): Outcome => {
    ready.clear();
    const lacking = givers.filter(({ name }) => !holders.has(name));
    for (const { name } of givers) if (holders.has(name) && !hanging.has(name)) ready.add(name);
    return { kind: "enlisted", lacking: lacking.map((giver) => ({ giver, failure: unknownTo(giver) })) };
  };

  const ask = ({ name }: Giver): Outcome => {
    const script = scripts.find((each) => each.name === name);
    if (script === undefined || !ready.delete(name)) {
      const why = hanging.has(name) ? "busy" : "not-ready";
      unready.set(name, why);
      hasNews = true;
      return { kind: "unready", why };
    }
    asked.set(name, { script, dueAt: add(machine.now(), script.after), isDue: false, doneAt: undefined });
    return { kind: "asked" };
  };

  const dismiss = ({ name }: Giver): Outcome => {
    if (asked.get(name)?.script.behaves === "hangs") hanging.add(name);
    asked.delete(name);
    unready.delete(name);
    return { kind: "released" };
  };

  const act = (decision: GiverDecision): Outcome => {
    switch (decision.kind) {
      case "enlist":
        return enlist(decision.givers);
      case "ask":
        return ask(decision.giver);
      case "dismiss":
        return dismiss(decision.giver);
    }
  };

  const follow = (giver: Asked): void => {
    const { script, dueAt, doneAt } = giver;
    if (doneAt !== undefined || script.behaves === "hangs" || !atLeast(machine.now(), dueAt)) return;
    const holder = holders.get(script.name);
    if (holder !== undefined && script.behaves === "gives" && !giver.isDue) machine.kill(holder);
    giver.isDue = true;
    const isLettingGo = script.behaves === "gives" && holder !== undefined && machine.isAlive(holder);
    if (isLettingGo) return;
    giver.doneAt = machine.now();
    hasNews = true;
  };

  const report = (): readonly GiverReport[] => [
    ...[...asked.values()].map(reportOf),
    ...[...unready].map(([giver, why]) => ({ giver, kind: "unready", why }) as const),
  ];

  const followAll = (): void => {
    for (const giver of asked.values()) follow(giver);
  };

  const nextGlance = (until: Milliseconds): Milliseconds =>
    [...asked.values()]
      .filter(({ doneAt, script }) => doneAt === undefined && script.behaves !== "hangs")
      .map(({ isDue, dueAt }) => (isDue ? add(machine.now(), betweenGlances) : dueAt))
      .reduce(least, until);

  return {
    ...machine,
    sense(look) {
      followAll();
      hasNews = false;
      const givers = report();
      return { ...machine.sense(look), ...(givers.length > 0 && { givers }) };
    },
    act: (decision) => (isAboutGivers(decision) ? act(decision) : machine.act(decision)),
    async wait(until) {
      for (;;) {
        followAll();
        if (hasNews) return "giver";
        const glance = nextGlance(until);
        const waker = await machine.wait(glance);
        if (waker !== "due" || glance === until) return waker;
      }
    },
  };
}

const unknownTo = ({ name }: Giver) => ({
  call: "ask",
  errno: "ENOENT",
  subject: name,
  advice: "Let the scenario have a giver of this name",
});

function reportOf({ script: { name, behaves }, doneAt }: Asked): GiverReport {
  if (doneAt === undefined) return { giver: name, kind: "giving" };
  const status = behaves === "fails" ? 1 : 0;
  return {
    giver: name,
    kind: "done",
    at: doneAt,
    ending: { kind: "exited", status },
    output: { beginning: "", bytes: 0 },
  };
}
