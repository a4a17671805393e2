import { loudestAlarm } from "#domain/alarm.ts";
import type { Decision } from "#domain/decision.ts";
import type { Finding, Skipped } from "#domain/finding.ts";
import { identityKey, isSameIdentity } from "#domain/identity.ts";
import {
  add,
  atLeast,
  below,
  greatest,
  type KiB,
  kib,
  least,
  type Milliseconds,
  scale,
  seconds,
  subtract,
} from "#domain/units.ts";
import type { ReapReport, VictimReport } from "#domain/victim-report.ts";
import { hasProgramFailed } from "./ask-by-program.ts";
import { beginSweep } from "./begin-kill.ts";
import { type EngineState, proveAnew } from "./engine-state.ts";
import { callsForVictim } from "./evidence.ts";
import { settleFamily } from "./family-ledger.ts";
import type { OwedMemory } from "./owed-memory.ts";
import { alarmsAbout, changeElsewhere, type InFlight } from "./scope-state.ts";
import { type Context, type Step, stay } from "./step.ts";
import { freedSince, isBack, isOnItsWay, returnTime } from "./victim-memory.ts";

interface Scene extends Context {
  readonly state: EngineState;
  readonly flight: InFlight;
}

const elapsed = ({ flight, at }: Scene): Milliseconds => subtract(at, flight.begunAt);

/** Whether so much has passed since: as the look for it was planned, and not by a difference, which may round to less. */
const hasPassed = ({ at }: Scene, since: Milliseconds, span: Milliseconds): boolean => atLeast(at, add(since, span));

const release = ({ flight }: Scene): Decision => ({ kind: "release", victim: flight.victim.identity });

/** What ends with a victim, however it ends: it is never looked at again, as by the kernel's MMF_OOM_SKIP. */
const leave = ({ state, flight }: Scene): EngineState => ({
  ...state,
  inFlight: undefined,
  ledger: settleFamily(state.ledger, flight),
  skipped: new Set([...state.skipped, identityKey(flight.victim.identity)]),
});

/** The kill is over: what was stalled or refaulted before it proves nothing any more, and the next kill has to wait. */
function conclude(scene: Scene, freed: KiB, findings: readonly Finding[]): Step {
  const { flight, evidence, machine, at, plan } = scene;
  const owe = (balance: KiB, seen: KiB): OwedMemory => ({ balance, freed, seen, since: at });
  // What a memcg got back at once may not be seen in the whole machine yet.
  const state = changeElsewhere(proveAnew(leave(scene)), (_, scope) =>
    scope === undefined ? { owed: owe(flight.machineBalanceBefore, machine.headroom) } : {},
  );
  return {
    decisions: [release(scene)],
    findings,
    state: {
      ...state,
      trend: state.trend && { ...state.trend, steady: 0 },
      coolDownUntil: add(at, plan.kill.coolDown),
      concludedAt: at,
      owed: owe(flight.balanceBefore, evidence.memory.headroom),
    },
  };
}

/** It was not killed, so it may be chosen again, and nobody is swept away after it. */
function spare(scene: Scene, findings: readonly Finding[]): Step {
  const step = conclude(scene, kib(0), findings);
  const { skipped, ledger } = scene.state;
  return { ...step, state: { ...step.state, skipped, ledger, sweep: undefined } };
}

/** A dry run changes nothing: whoever was named may be named again, but not in every look of an alarm. */
function concludeRehearsal(scene: Scene): Step {
  const step = spare(scene, []);
  return { ...step, state: { ...step.state, searchNotBefore: step.state.coolDownUntil } };
}

/** The victim is given up: the next candidate may be taken at once. */
function skip(scene: Scene, skipped: Skipped): Step {
  return {
    decisions: [release(scene)],
    findings: [{ kind: "victim-skipped", victim: scene.flight.victim, after: elapsed(scene), skipped }],
    state: leave(scene),
  };
}

/** Nothing was signalled: this was no kill, so it neither counts against the budget nor is held against the victim for good. */
function refuse(scene: Scene, { why, failure }: Extract<VictimReport, { kind: "refused" }>): Step {
  const { skipped, refused } = scene.state;
  const step = skip(scene, { kind: "refused", why, ...(failure && { failure }) });
  const passedOver = new Set([...refused, identityKey(scene.flight.victim.identity)]);
  return {
    ...step,
    state: { ...step.state, skipped, refused: passedOver, sweep: undefined, kills: step.state.kills.slice(0, -1) },
  };
}

const freedSoFar = ({ flight, evidence }: Scene): KiB => freedSince(flight, evidence.memory);

/** Others take memory so fast that nothing is left before the wait is over: then waiting is no answer. */
function isRunningOut(scene: Scene, letGoAt: Milliseconds): boolean {
  const { state, flight, evidence, plan, at } = scene;
  // Of many who die together, the first is gone long before the memory of all can be back.
  if (flight.dying > 1 && !hasPassed(scene, flight.begunAt, returnTime(flight))) return false;
  const fall = state.trend?.fall ?? 0;
  const waitLeft = subtract(plan.kill.confirmTimeout, subtract(at, letGoAt));
  return evidence.alarm?.kind === "exhausted" && evidence.headroom < fall * waitLeft;
}

/** Waits until the memory is seen: by what processes hold, because what is available may lag for seconds. */
function confirmMemory(scene: Scene, letGoAt: Milliseconds): Step {
  const { state, flight, evidence, at, plan } = scene;
  const freed = freedSoFar(scene);
  const expected = flight.returns;
  const told = { victim: flight.victim, after: elapsed(scene), freed, expected };
  if (isBack(freed, flight) || evidence.breached === undefined) {
    return conclude(scene, freed, [{ kind: "memory-back", ...told }]);
  }
  const isTimeLeft = below(subtract(at, letGoAt), plan.kill.confirmTimeout);
  if (isTimeLeft && !isRunningOut(scene, letGoAt)) return stay(state);
  return conclude(scene, freed, [{ kind: "memory-late", ...told }]);
}

/** The victim exited or was reaped. Said once; from then on its memory is awaited. */
function letGo(scene: Scene, saying: Finding): Step {
  const { state, flight, at } = scene;
  const letGoAt = flight.letGoAt ?? at;
  const noted: EngineState = { ...state, inFlight: { ...flight, letGoAt } };
  const step = confirmMemory({ ...scene, state: noted }, letGoAt);
  return flight.letGoAt === undefined ? { ...step, findings: [saying, ...step.findings] } : step;
}

/** It heeds SIGTERM, but is so large that its exit outlasts its grace: a part of its memory is back already. */
function isLeaving(scene: Scene): boolean {
  const { flight } = scene;
  const hasTime = !hasPassed(scene, flight.begunAt, add(flight.grace, returnTime(flight)));
  return hasTime && isOnItsWay(freedSoFar(scene), flight);
}

/** So long whoever is giving memory back is left alone. @see mm/oom_kill.c: OOM_REAPER_DELAY */
const reaperDelay = seconds(2);

/** Whether a killed victim is to be reaped: while there is time and it gives its memory back, that would only take the processor from others. */
function needsReaper(scene: Scene, killedAt: Milliseconds): boolean {
  const { flight, evidence, plan } = scene;
  const { reapGrace, killTimeout } = plan.kill;
  if (flight.isReaping) return false;
  if (evidence.alarm?.kind === "exhausted") return true;
  if (!hasPassed(scene, killedAt, reapGrace)) return false;
  const isPatient = !hasPassed(scene, killedAt, least(reaperDelay, scale(killTimeout, 1 / 2)));
  return !(isPatient && isOnItsWay(freedSoFar(scene), flight));
}

/** Other rules are in force than those it was chosen under: it may be protected now, so the choice is made anew. */
function reconsider(scene: Scene): Step {
  const skipped: Skipped = { kind: "refused", why: "settings-changed" };
  return spare(scene, [{ kind: "victim-skipped", victim: scene.flight.victim, after: elapsed(scene), skipped }]);
}

type Escalating = Omit<Extract<Decision, { kind: "escalate" }>, "kind" | "victim">;

/** Sends what is stronger than what was asked so far. */
function escalate({ state, flight, at }: Scene, { signal, reapsAtOnce, ...how }: Escalating): Step {
  const isKilled = (signal ?? "SIGKILL") === "SIGKILL";
  const sweep = isKilled && flight.sweeps ? beginSweep(flight.sweeps, how.alarm, at) : state.sweep;
  const next = { signalInReserve: undefined, killedAt: isKilled ? at : undefined, isReaping: reapsAtOnce };
  return {
    decisions: [{ kind: "escalate", victim: flight.victim, ...(signal && { signal }), reapsAtOnce, ...how }],
    findings: [],
    state: { ...state, sweep, inFlight: { ...flight, ...next } },
  };
}

/** It was asked to end. SIGKILL follows by time while there is evidence, or at once when `min` is crossed. */
function followTerminated(scene: Scene): Step {
  const { state, flight, evidence, plan } = scene;
  if (flight.rules !== plan.rules) return reconsider(scene);
  const isExhausted = evidence.alarm?.kind === "exhausted";
  const isGraceOver = hasPassed(scene, flight.begunAt, flight.grace);
  const { alarm } = evidence;
  const { signalInReserve: signal } = flight;
  if (!isExhausted && !isGraceOver) {
    // The program that was to ask it cannot, or has failed: the signal it stands for follows, within the same grace.
    const isFailed = signal !== undefined && hasProgramFailed(state) && callsForVictim(alarm);
    return isFailed ? escalate(scene, { signal, reapsAtOnce: false, why: "program-failed", alarm }) : stay(state);
  }
  if (!callsForVictim(alarm)) {
    if (isLeaving(scene)) return stay(state);
    return spare(scene, [{ kind: "victim-spared", victim: flight.victim, after: elapsed(scene) }]);
  }
  return escalate(scene, { reapsAtOnce: isExhausted, why: isExhausted ? "exhausted" : "grace-over", alarm });
}

/** How long a killed victim has: one that is giving its memory back by itself needs time by its size. */
function killTimeoutOf(scene: Scene, reap: ReapReport): Milliseconds {
  const { killTimeout } = scene.plan.kill;
  if (reap.kind !== "exiting-by-itself") return killTimeout;
  return greatest(killTimeout, add(seconds(1), returnTime(scene.flight)));
}

/** SIGKILL was sent and it has not exited: its memory is taken from it, and in the end it is given up. */
function followKilled(scene: Scene, killedAt: Milliseconds, reap: ReapReport): Step {
  const { state, flight } = scene;
  if (hasPassed(scene, killedAt, killTimeoutOf(scene, reap))) return skip(scene, { kind: "survived" });
  if (!needsReaper(scene, killedAt)) return stay(state);
  return {
    decisions: [{ kind: "reap", victim: flight.victim.identity }],
    findings: [],
    state: { ...state, inFlight: { ...flight, isReaping: true } },
  };
}

function followAlive(scene: Scene, { reap }: Extract<VictimReport, { kind: "alive" }>): Step {
  const { victim, killedAt } = scene.flight;
  if (killedAt === undefined) return followTerminated(scene);
  if (reap.kind !== "released") return followKilled(scene, killedAt, reap);
  return letGo(scene, { kind: "victim-reaped", victim, after: elapsed(scene), reap });
}

/** Takes the story of the victim in flight one step on. */
export function followVictim(state: EngineState, context: Context): Step {
  const flight = state.inFlight;
  if (flight === undefined) return stay(state);
  const evidence = {
    ...context.evidence,
    alarm: loudestAlarm([context.evidence.alarm, ...alarmsAbout(state, flight)]),
  };
  const scene: Scene = { ...context, evidence, state, flight };
  const { victim, begunAt } = flight;
  const report = context.snapshot.victims.find(({ identity }) => isSameIdentity(identity, victim.identity));
  switch (report?.kind) {
    case undefined:
      return skip(scene, { kind: "refused", why: "not-reported" });
    case "refused":
      return refuse(scene, report);
    case "rehearsed":
      return concludeRehearsal(scene);
    case "alive":
      return followAlive(scene, report);
    case "exited":
      return letGo(scene, { kind: "victim-exited", victim, after: subtract(report.at, begunAt), reap: report.reap });
  }
}
