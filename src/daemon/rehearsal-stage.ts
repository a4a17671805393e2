import type { Decision } from "#domain/decision.ts";
import type { ProcessTable } from "#domain/process.ts";
import { known, knownValue, type Snapshot } from "#domain/snapshot.ts";
import { digest, digestOf } from "#domain/table-digest.ts";
import { add, type KiB, milliseconds, type Pid, scale } from "#domain/units.ts";
import { bindDetector } from "#engine/define-detector.ts";
import type { BoundPolicy } from "#engine/define-policy.ts";
import type { EngineState } from "#engine/engine-state.ts";
import { openLedger } from "#engine/family-ledger.ts";
import { measureOf } from "#engine/measure.ts";
import { nobody, type Plan } from "#engine/plan.ts";
import type { Look, Machine } from "#machine/machine.ts";
import { headroom } from "#policies/detectors/headroom.ts";

/** Whether a decision is about nobody but the child. */
export function isAbout(child: Pid, decision: Decision): boolean {
  switch (decision.kind) {
    case "signal":
    case "escalate":
    case "adopt":
      return decision.victim.identity.pid === child;
    case "reap":
    case "release":
      return decision.victim.pid === child;
    case "enlist":
    case "ask":
    case "dismiss":
      return false;
  }
}

/** What a stage is made of. */
export interface StageProps {
  readonly machine: Machine;
  /** The plan in force. */
  readonly plan: Plan;
  readonly child: Pid;
  /** Whether it is over with the child: from then on its pid may be another's. */
  readonly hasEnded: () => boolean;
  /** What is decided by on the stage. */
  readonly emergency: Plan;
}

/** The same machine, on which nothing can be done to anybody but the child, and nobody dies with it. */
export function stageFor({ machine, plan, child, hasEnded, emergency }: StageProps): Machine {
  const watch = plan.memcgs.map(({ path }) => path);
  const completed = (look: Look): Look => ({
    ...look,
    // The machine goes on ranking by the plan in force: what it knows by that is not lost for a rehearsal.
    ...(look.measure && { measure: measureOf(plan) }),
    // What a kill in a memcg reads is read, and decided by never.
    ...(watch.length > 0 &&
      look.needs.includes("processes") && { watch, needs: [...look.needs, "memcgs", "membership"] }),
  });
  return {
    capabilities: machine.capabilities,
    now: () => machine.now(),
    sense: (look) => stage(machine.sense(completed(look)), child, emergency),
    act(decision) {
      if (!isAbout(child, decision)) return { kind: "refused", why: "became-protected" };
      if ((decision.kind === "signal" || decision.kind === "adopt") && hasEnded())
        return { kind: "refused", why: "gone" };
      return machine.act(decision.kind === "signal" ? alone(decision) : decision);
    },
    wait: (until) => machine.wait(until),
    wake: () => machine.wake(),
    [Symbol.dispose]: () => undefined,
  };
}

/**
 * Whoever else is in our memcg is not to die with the child, nor to save it; and nobody who was left out could have been chosen. A
 * table without the child is none: among thousands it is not always among the first who are read.
 */
function stage({ processes, ...snapshot }: Snapshot, child: Pid, emergency: Plan): Snapshot {
  const table = knownValue(processes);
  const isThere = table?.processes.some(({ identity }) => identity.pid === child) ?? true;
  const staged = table === undefined ? processes : known(stageTable(table, child, emergency));
  return {
    ...snapshot,
    ...(snapshot.membership && { membership: known({ watched: [], groups: [] }) }),
    ...(staged && isThere && { processes: staged }),
  };
}

/** So many are enough to run all code on, and are judged within a look. */
const most = 256;

/** What the machine keeps of its table is as true of this one; only that the child leads it has to be added. */
function stageTable({ unread: _, ...table }: ProcessTable, child: Pid, emergency: Plan): ProcessTable {
  const processes = table.processes.filter(({ identity }, index) => index < most || identity.pid === child);
  const kept = digestOf(table.processes);
  if (kept !== undefined) {
    const lead = processes.filter((each) => each.identity.pid === child && !kept.heads.includes(each));
    digest(processes, { ...kept, measure: measureOf(emergency), heads: [...kept.heads, ...lead] });
  }
  return { ...table, processes };
}

/** As if trouble had begun by now: families and storms are looked for by what changes from here on. */
export function withLedger(state: EngineState, { machine, plan }: Pick<StageProps, "machine" | "plan">): EngineState {
  const look = { needs: ["processes"], isPressing: false, keepsTable: true, measure: measureOf(plan) } as const;
  const table = knownValue(machine.sense(look).processes);
  if (table === undefined || table.unread !== undefined) return state;
  return { ...state, ledger: openLedger(table, machine.now()) };
}

/** Who is suspected to share the child's memory is asked about, and must live. */
function alone({ group: _, ...decision }: Extract<Decision, { kind: "signal" }>): Decision {
  const { suspects, protectedSuspects } = decision.sharers;
  return { ...decision, sharers: { suspects: [], protectedSuspects: [...suspects, ...protectedSuspects] } };
}

/**
 * The plan in force, with everything below `min`, the child before all others, and nobody spared: rules are asked, but have the last
 * word about real victims only.
 */
export function emergencyOf(plan: Plan, child: Pid): Plan {
  const beyond = scale(plan.headroom.high, 1_000_000);
  return {
    ...plan,
    memcgs: [],
    headroom: { min: beyond, low: scale(beyond, 2), high: scale(beyond, 3) },
    detectors: [bindDetector(headroom, {})],
    alarms: [{ kind: "exhausted", when: "any", detectors: [headroom.name], holdFor: milliseconds(0) }],
    policy: preferring(child, plan.policy, beyond),
    rules: plan.rules.map((rule) => ({ ...rule, verdict: "avoid" })),
    kill: { ...plan.kill, unit: "process", budget: 1, confirmTimeout: milliseconds(0) },
    notify: { ...plan.notify, givers: nobody, programs: nobody },
  };
}

/** A policy that ranks the child first by far. */
function preferring(child: Pid, policy: BoundPolicy, weight: KiB): BoundPolicy {
  return {
    ...policy,
    score(process, scope) {
      const score = policy.score(process, scope);
      if (process.identity.pid !== child) return score;
      return { total: add(score.total, weight), terms: [...score.terms, { name: "rehearsed", value: weight }] };
    },
  };
}
