import type { Alarm } from "#domain/alarm.ts";
import type { Candidate } from "#domain/candidate.ts";
import { knownValue } from "#domain/snapshot.ts";
import { add, below, type CgroupPath, type Milliseconds, seconds, subtract } from "#domain/units.ts";
import type { Choice, Opening, Question } from "./choose-victim.ts";
import type { EngineState } from "./engine-state.ts";
import { strike } from "./family-ledger.ts";
import type { KillPlan } from "./plan.ts";
import { balanceOf } from "./scope-memory.ts";
import type { Context } from "./step.ts";
import type { Sweep, Swept } from "./sweep.ts";

/** When kills began that count against the budget still. */
export const recentKills = (
  { kills }: EngineState,
  at: Milliseconds,
  { budgetWindow }: KillPlan,
): readonly Milliseconds[] => kills.filter((begun) => below(subtract(at, begun), budgetWindow));

/** The state with a kill begun: one, however many die of it. */
export function beginKill(state: EngineState, question: Question, choice: Choice): EngineState {
  const { evidence, machine, at, plan, alarm } = question;
  const { decision, grace, returns } = choice;
  const program = decision.kind === "signal" ? decision.program : undefined;
  const isKilled = decision.kind === "adopt" || (decision.signal === "SIGKILL" && program === undefined);
  return {
    ...noteStorm(state, decision),
    ...(isKilled && choice.sweeps && { sweep: beginSweep(choice.sweeps, alarm, at) }),
    owed: undefined,
    kills: [...recentKills(state, at, plan.kill), at],
    ...(program && { program: { program, victim: decision.victim, at, result: undefined } }),
    inFlight: {
      victim: decision.victim,
      dying: 1 + othersAwaited(decision),
      returns,
      memcgs: memcgsOf(decision.victim, question),
      sweeps: choice.sweeps,
      rules: plan.rules,
      grace,
      begunAt: at,
      killedAt: isKilled ? at : undefined,
      signalInReserve: program && decision.kind === "signal" ? decision.signal : undefined,
      isReaping: decision.kind === "signal" && decision.reapsAtOnce,
      letGoAt: undefined,
      heldBefore: evidence.memory.held,
      balanceBefore: balanceOf(evidence.memory),
      machineBalanceBefore: balanceOf(machine),
    },
  };
}

/** How many die with a victim. Of a memcg that is marked its largest member is what is waited for. */
function othersAwaited(decision: Opening): number {
  const group = decision.kind === "signal" ? decision.group : undefined;
  const isMarked = group?.kind === "memcg" && group.whole === undefined;
  return group === undefined || isMarked ? 0 : group.members.length;
}

/** The watched memcgs that somebody belongs to. */
function memcgsOf({ identity: { pid } }: Candidate, { snapshot }: Context): readonly CgroupPath[] {
  const watched = knownValue(snapshot.membership)?.watched ?? [];
  return watched.filter(({ members }) => members.has(pid)).map(({ path }) => path);
}

/** How long newcomers of a storm follow it: a shell that must live may go on for ever, and that is another kill each time. */
export const sweepTime = seconds(5);

/** Remembers which storm has lost one of it. */
function noteStorm(state: EngineState, { victim: { family } }: Opening): EngineState {
  const { ledger } = state;
  return ledger === undefined || family?.young === undefined ? state : { ...state, ledger: strike(ledger, family) };
}

/** From now on whoever is born into what was killed is to go as well. */
export const beginSweep = (swept: Swept, alarm: Alarm, at: Milliseconds): Sweep => ({
  ...swept,
  alarm,
  begunAt: at,
  until: add(at, sweepTime),
  isClear: false,
});
