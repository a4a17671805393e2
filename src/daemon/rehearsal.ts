import type { Decision } from "#domain/decision.ts";
import type { Identity } from "#domain/identity.ts";
import { known, knownValue, type Snapshot } from "#domain/snapshot.ts";
import { add, type Milliseconds, milliseconds, type Pid, scale, seconds, subtract } from "#domain/units.ts";
import { bindDetector } from "#engine/define-detector.ts";
import { nobody, type Plan } from "#engine/plan.ts";
import { encodeJson } from "#journal/encode-json.ts";
import { makeSacrifice, type Sacrifice } from "#linux/sacrifice.ts";
import type { Machine } from "#machine/machine.ts";
import { headroom } from "#policies/detectors/headroom.ts";
import { keptJournal } from "./kept-journal.ts";
import { beginLoop, type LoopState, turn } from "./loop.ts";

/** How a rehearsal went. */
export type Rehearsal =
  | { readonly kind: "killed"; readonly took: Milliseconds }
  /** Undefined decision: nobody was chosen. */
  | { readonly kind: "failed"; readonly why: string };

/** So long a stopped shell takes at most to die, on any machine that is calm. */
const patience = seconds(1);

/**
 * A kill from beginning to end, of a child that is there for it: chosen, signalled, reaped, seen gone, written down. It proves that
 * the machine lets us, and touches every page of code that the next kill will need. The loop, the engine, the policy and the rules are
 * those of every day; only the look is staged: nobody is on the machine but the child.
 * @throws SystemError when there can be no child
 */
export async function rehearseKill(machine: Machine, plan: Plan): Promise<Rehearsal> {
  using sacrifice = makeSacrifice();
  const startedAt = machine.now();
  const stage = stageFor(machine, sacrifice.pid);
  const journal = keptJournal({ keep: encodeJson, now: () => machine.now(), wallTime: Date.now });
  const emergency = emergencyOf(plan);
  const parts = { machine: stage, journal, plan: () => emergency };
  const acted: Decision[] = [];
  let state: LoopState = beginLoop(parts);
  while (!isOver(sacrifice, acted) && machine.now() < add(startedAt, patience)) {
    const done = turn(parts, state);
    acted.push(...done.verdict.decisions);
    state = done;
    await machine.wait(done.next.at);
  }
  return conclude(machine, { sacrifice, acted, took: subtract(machine.now(), startedAt) });
}

const isOver = (sacrifice: Sacrifice, acted: readonly Decision[]): boolean =>
  sacrifice.hasDied() && acted.some(({ kind }) => kind === "release");

interface Ending {
  readonly sacrifice: Sacrifice;
  readonly acted: readonly Decision[];
  readonly took: Milliseconds;
}

function conclude(machine: Machine, { sacrifice, acted, took }: Ending): Rehearsal {
  const victim = victimOf(acted);
  if (victim === undefined) return { kind: "failed", why: "nobody was chosen" };
  const isReleased = acted.some(({ kind }) => kind === "release");
  if (!isReleased) machine.act({ kind: "release", victim });
  return sacrifice.hasDied() ? { kind: "killed", took } : { kind: "failed", why: "the chosen one lives" };
}

const victimOf = (acted: readonly Decision[]): Identity | undefined =>
  acted.flatMap((decision) => (decision.kind === "signal" ? [decision.victim.identity] : []))[0];

/** The same machine, seen as if nobody but that one process were on it. Whatever is decided there can reach nobody else. */
function stageFor(machine: Machine, only: Pid): Machine {
  return {
    capabilities: machine.capabilities,
    now: () => machine.now(),
    sense: (look) => aloneWith(only, machine.sense(look)),
    act: (decision) => machine.act(decision),
    wait: (until) => machine.wait(until),
    wake: () => machine.wake(),
    [Symbol.dispose]: () => undefined,
  };
}

function aloneWith(only: Pid, snapshot: Snapshot): Snapshot {
  const table = knownValue(snapshot.processes);
  if (table === undefined) return snapshot;
  return {
    ...snapshot,
    processes: known({ ...table, processes: table.processes.filter(({ identity }) => identity.pid === only) }),
  };
}

/** The plan in force, with everything below `min`, and nobody spared: rules are asked, but have the last word about real victims only. */
function emergencyOf(plan: Plan): Plan {
  const beyond = scale(plan.headroom.high, 1_000_000);
  return {
    ...plan,
    memcgs: [],
    headroom: { min: beyond, low: scale(beyond, 2), high: scale(beyond, 3) },
    detectors: [bindDetector(headroom, {})],
    alarms: [{ kind: "exhausted", when: "any", detectors: [headroom.name], holdFor: milliseconds(0) }],
    rules: plan.rules.map((rule) => ({ ...rule, verdict: "avoid" })),
    kill: { ...plan.kill, budget: 1, confirmTimeout: milliseconds(0) },
    notify: { ...plan.notify, givers: nobody },
  };
}
