import type { VictimDecision } from "#domain/decision.ts";
import { type IdentityKey, identityKey } from "#domain/identity.ts";
import type { Outcome } from "#domain/outcome.ts";
import type { ReapReport, VictimReport } from "#domain/victim-report.ts";
import { type Fault, findFault, injected } from "./fault.ts";
import type { Machine } from "./machine.ts";

/** Acts through faults, and remembers what came of it. */
export interface BrokenActs {
  act(decision: VictimDecision, faults: readonly Fault[]): Outcome;
  /** Delivers what is pending when nothing keeps victims from waking any more. */
  wakeSleepers(): void;
  /** The reports of the machine, as they are with what the faults did. */
  reports(told: readonly VictimReport[]): readonly VictimReport[];
}

type Opening = Extract<VictimDecision, { kind: "signal" }>;
type Escalation = Extract<VictimDecision, { kind: "escalate" }>;
type Refused = Extract<VictimReport, { kind: "refused" }>;

/** Nothing has gone wrong so far. */
export function makeBrokenActs(machine: Machine): BrokenActs {
  const refused = new Map<IdentityKey, Refused>();
  const pending = new Map<IdentityKey, Opening>();
  const released = new Set<IdentityKey>();
  const reaps = new Map<IdentityKey, ReapReport>();

  const refuse = (decision: Opening | Escalation, report: Omit<Refused, "identity" | "kind">): Outcome => {
    const { identity } = decision.victim;
    machine.act({ kind: "release", victim: identity });
    refused.set(identityKey(identity), { kind: "refused", identity, ...report });
    return { kind: "refused", ...report };
  };

  /** It is watched from now on, and has its signal as soon as it wakes. */
  const leavePending = (decision: Opening | Escalation): Outcome => {
    const key = identityKey(decision.victim.identity);
    const opening = decision.kind === "signal" ? decision : strengthen(decision, pending.get(key));
    const outcome = pending.has(key) ? undefined : machine.act({ ...opening, kind: "adopt" });
    if (outcome?.kind === "refused") return outcome;
    pending.set(key, opening);
    released.delete(key);
    return { kind: "signalled", at: machine.now(), sharers: [] };
  };

  const strike = (decision: Opening | Escalation, faults: readonly Fault[]): Outcome => {
    const { identity } = decision.victim;
    const key = identityKey(identity);
    refused.delete(key);
    const vanished = findFault(faults, "vanished");
    if (vanished !== undefined) return refuse(decision, { why: vanished.why });
    const denied = findFault(faults, "refused");
    if (denied !== undefined) {
      return refuse(decision, { why: "failed", failure: injected(denied.call, denied.errno, `pid ${identity.pid}`) });
    }
    const reap = reapThrough(faults, machine);
    if (reap !== undefined && decision.reapsAtOnce) reaps.set(key, reap);
    const reapsAtOnce = decision.reapsAtOnce && reap === undefined;
    const isAsleep = findFault(faults, "unkillable") !== undefined;
    return isAsleep ? leavePending({ ...decision, reapsAtOnce }) : machine.act({ ...decision, reapsAtOnce });
  };

  return {
    act(decision, faults) {
      switch (decision.kind) {
        case "signal":
        case "escalate":
          return strike(decision, faults);
        case "reap": {
          const reap = reapThrough(faults, machine);
          if (reap === undefined) return machine.act(decision);
          reaps.set(identityKey(decision.victim), reap);
          return { kind: "begun" };
        }
        case "release": {
          const key = identityKey(decision.victim);
          for (const record of [refused, reaps]) record.delete(key);
          if (pending.has(key)) released.add(key);
          return machine.act(decision);
        }
        case "adopt":
          return machine.act(decision);
      }
    },
    wakeSleepers() {
      if (pending.size === 0) return;
      // Whoever ended in the meantime had its signal, and its exit is told as such.
      const { victims } = machine.sense({ needs: [], isPressing: true });
      for (const { identity, kind } of victims) if (kind === "exited") pending.delete(identityKey(identity));
      for (const [key, opening] of pending) {
        machine.act(opening);
        if (released.has(key)) machine.act({ kind: "release", victim: opening.victim.identity });
      }
      pending.clear();
      released.clear();
    },
    reports(told) {
      const through = told.flatMap((report): readonly VictimReport[] => {
        const key = identityKey(report.identity);
        const reap = reaps.get(key);
        if (refused.has(key)) return [];
        return [reap !== undefined && "reap" in report ? { ...report, reap } : report];
      });
      return [...through, ...refused.values()];
    },
  };
}

/** SIGTERM is pending, or was taken before: SIGKILL takes its place. */
const strengthen = ({ victim, alarm, reapsAtOnce }: Escalation, before: Opening | undefined): Opening => ({
  kind: "signal",
  signal: "SIGKILL",
  victim,
  reapsAtOnce,
  sharers: before?.sharers ?? { suspects: [], protectedSuspects: [] },
  alarm,
  ranking: before?.ranking ?? [victim],
  eligible: before?.eligible ?? 1,
});

/** What becomes of a reaping; undefined: nothing keeps it from what it does. */
function reapThrough(faults: readonly Fault[], machine: Machine): ReapReport | undefined {
  const failing = findFault(faults, "unreapable");
  if (failing !== undefined) {
    return { kind: "stuck", failure: injected("process_mrelease", failing.errno, "a pidfd") };
  }
  const isEndless = findFault(faults, "endless-reap") !== undefined;
  return isEndless ? { kind: "under-way", since: machine.now() } : undefined;
}
