import type { Signal, VictimDecision } from "#domain/decision.ts";
import type { Giver } from "#domain/giver.ts";
import { type Identity, type IdentityKey, identityKey } from "#domain/identity.ts";
import type { Outcome } from "#domain/outcome.ts";
import type { SystemFailure } from "#domain/system-error.ts";
import type { Milliseconds } from "#domain/units.ts";
import type { VictimReport } from "#domain/victim-report.ts";
import { failureOf, ignore } from "./failure.ts";
import type { MemcgHierarchy } from "./memcg-hierarchy.ts";
import { holdSharers, onlySharers } from "./memory-sharers.ts";
import { holdGroup } from "./oom-group.ts";
import type { IsPassedOver } from "./passed-over.ts";
import { type HoldMeans, holdProcess, objectionTo, type Refusal, refuse } from "./process-hold.ts";
import type { Reaper } from "./reaper.ts";
import { hasExited, makeVictim, senseVictim, signalAll, type Victim } from "./victim.ts";
import { makeWholeMemcg } from "./whole-memcg.ts";

/** Carries decisions out, and keeps a record of each victim. */
export interface Actor extends Disposable {
  act(decision: VictimDecision): Outcome;
  report(now: Milliseconds): readonly VictimReport[];
  /** Those that were signalled or adopted, and are not yet released. */
  victims(): readonly Victim[];
}

/** What acting needs of its surroundings. */
export interface ActorOptions extends HoldMeans {
  readonly now: () => Milliseconds;
  readonly isPassedOver: IsPassedOver;
  /** Has a program ask a victim to leave. */
  readonly sendTo: (victim: SignalDecision, program: Giver) => Outcome;
  /** The hierarchy of the paths in decisions. Undefined: there is none. */
  readonly hierarchy: () => MemcgHierarchy | undefined;
  readonly makeReaper: (killNewSharers: (victim: Victim) => void) => Reaper;
}

type Record =
  | { readonly kind: "held"; readonly victim: Victim }
  | { readonly kind: "refused"; readonly report: VictimReport };
type SignalDecision = Extract<VictimDecision, { kind: "signal" }>;
type EscalateDecision = Extract<VictimDecision, { kind: "escalate" }>;
type Along = Pick<SignalDecision, "sharers" | "group">;
type AdoptDecision = Extract<VictimDecision, { kind: "adopt" }>;

/** An actor that holds no victim yet. */
export function makeActor({ now, isPassedOver, sendTo, makeReaper, hierarchy, ...means }: ActorOptions): Actor {
  const records = new Map<IdentityKey, Record>();

  const killNewSharers = (victim: Victim): void => {
    const held = new Set(victim.holds.map(({ identity }) => identityKey(identity)));
    const { suspects, protectedSuspects } = victim.suspected;
    const unheld = suspects.filter((suspect) => !held.has(identityKey(suspect)));
    const found = victim.isKilled ? holdSharers(victim.identity, { suspects: unheld, protectedSuspects }, means) : [];
    if ("kind" in found) return;
    victim.holds.push(...found);
    const [first, ...others] = found;
    if (first !== undefined) signalAll({ holds: [first, ...others] }, "SIGKILL");
  };
  const reaper = makeReaper(killNewSharers);

  const victimOf = (identity: Identity): Victim | undefined => {
    const record = records.get(identityKey(identity));
    return record?.kind === "held" ? record.victim : undefined;
  };

  const release = (identity: Identity): Outcome => {
    const victim = victimOf(identity);
    if (victim !== undefined) {
      victim.isReleased = true;
      for (const hold of [...victim.holds, ...victim.group]) hold[Symbol.dispose]();
    }
    records.delete(identityKey(identity));
    return { kind: "released" };
  };

  /** Puts a victim into the record, or that it was refused. */
  const hold = (identity: Identity, { sharers: suspected, group: dying }: Along): Victim | Refusal => {
    release(identity);
    const own = holdProcess(identity, means);
    if (own.kind === "refused") return own;
    const sharers = holdSharers(identity, suspected, means);
    if ("kind" in sharers) {
      own[Symbol.dispose]();
      return sharers;
    }
    const group = holdGroup(dying?.members ?? [], means);
    if ("kind" in group) {
      for (const held of [own, ...sharers]) held[Symbol.dispose]();
      return group;
    }
    const held = [own, ...group].map((each) => each.identity);
    const whole = dying?.whole && makeWholeMemcg(dying.whole, { hierarchy, files: means.files, held });
    const victim = makeVictim([own, ...sharers], { suspected, group, whole });
    records.set(identityKey(identity), { kind: "held", victim });
    return victim;
  };

  const reject = (identity: Identity, refusal: Refusal): Refusal => {
    release(identity);
    const { why, failure } = refusal;
    const report: VictimReport = { kind: "refused", identity, why, ...(failure && { failure }) };
    records.set(identityKey(identity), { kind: "refused", report });
    return refusal;
  };

  const kill = (victim: Victim, reapsAtOnce: boolean): SystemFailure | undefined => {
    victim.isKilled = true;
    const failure = reapsAtOnce ? reaper.killAtOnce(victim) : signalAll(victim, "SIGKILL");
    // The victim first, then its group, as the kernel does it. All were within reach; whoever is not any more undoes nothing.
    if (failure !== undefined) return failure;
    signalAll({ holds: victim.group }, "SIGKILL");
    victim.whole?.kill();
    return undefined;
  };

  const fire = (victim: Victim, name: Signal, reapsAtOnce: boolean): SystemFailure | undefined =>
    name === "SIGKILL" ? kill(victim, reapsAtOnce) : signalAll(everyone(victim), name);

  /** Asked once its descriptor is held: the score is that of this very process. */
  const objectionByScore = ({ identity }: Victim): Refusal | undefined => {
    try {
      return isPassedOver(identity.pid) ? refuse("passed-over") : undefined;
    } catch (error) {
      return ignore(error, "a score that cannot be read says nothing against it");
    }
  };

  /** Whether it can be asked or not, the victim is held: its signal follows at the next look if it cannot. A zombie is told nothing. */
  const ask = (victim: Victim, decision: SignalDecision, program: Giver): Outcome =>
    hasExited(victim.holds[0]) ? reject(victim.identity, refuse("gone")) : sendTo(decision, program);

  const signal = (decision: SignalDecision): Outcome => {
    const { signal: name, reapsAtOnce, program } = decision;
    const { identity } = decision.victim;
    const victim = hold(identity, decision);
    if ("kind" in victim) return reject(identity, victim);
    const objection = objectionByScore(victim);
    if (objection !== undefined) return reject(identity, objection);
    // All are asked before one is signalled: a victim whose sharer is out of reach would die for nothing.
    const unreachable = findUnreachable(victim);
    if (unreachable !== undefined) return reject(identity, unreachable);
    if (program !== undefined) return ask(victim, decision, program);
    const at = now();
    const failure = fire(victim, name, reapsAtOnce);
    if (failure !== undefined) return reject(identity, { kind: "refused", why: "failed", failure });
    return signalled(victim, at);
  };

  // A victim that was stopped meanwhile cannot act on SIGTERM, and gets no SIGCONT for it: whoever stopped it (a debugger, a shell) did
  // not ask for it to run on while memory is short. Escalation ends it: SIGKILL needs no consent.
  const escalate = ({ victim: { identity }, signal: name = "SIGKILL", reapsAtOnce }: EscalateDecision): Outcome => {
    const victim = victimOf(identity);
    if (victim === undefined) return refuse("gone");
    victim.holds.splice(1, victim.holds.length, ...onlySharers(identity, victim.holds.slice(1), means));
    const objection = objectionNow(victim, means);
    const isGone = objection === "gone" || objection === "identity-changed";
    // Whoever is gone has its end reported with the descriptor, unless its group lives on; whoever must live is no victim any more.
    if (isGone && victim.group.every(hasExited)) return refuse(objection);
    if (objection !== undefined && !isGone) return reject(identity, refuse(objection));
    const at = now();
    const failure = fire(victim, name, reapsAtOnce);
    if (failure !== undefined) return reject(identity, { kind: "refused", why: "failed", failure });
    return signalled(victim, at);
  };

  const reap = (identity: Identity): Outcome => {
    const victim = victimOf(identity);
    if (victim === undefined) return refuse("gone");
    reaper.reap(victim);
    return { kind: "begun" };
  };

  const adopt = ({ victim: { identity }, sharers }: AdoptDecision): Outcome => {
    const victim = hold(identity, { sharers });
    return "kind" in victim ? reject(identity, victim) : { kind: "watched" };
  };

  return {
    act(decision) {
      switch (decision.kind) {
        case "signal":
          return signal(decision);
        case "escalate":
          return escalate(decision);
        case "adopt":
          return adopt(decision);
        case "reap":
          return reap(decision.victim);
        case "release":
          return release(decision.victim);
      }
    },
    report(at) {
      return [...records.values()].map((record) =>
        record.kind === "refused" ? record.report : senseVictim(record.victim, at),
      );
    },
    victims: () => [...records.values()].flatMap((record) => (record.kind === "held" ? [record.victim] : [])),
    [Symbol.dispose]() {
      for (const { identity } of this.victims()) release(identity);
      records.clear();
      reaper[Symbol.dispose]();
    },
  };
}

const everyone = ({ holds, group }: Victim) => ({ holds: [...holds, ...group] });

const signalled = ({ holds, group }: Victim, at: Milliseconds): Outcome => ({
  kind: "signalled",
  at,
  sharers: holds.slice(1).map(({ identity }) => identity),
  ...(group.length > 0 && { group: group.map(({ identity }) => identity) }),
});

function findUnreachable({ holds: [own, ...sharers], group }: Victim): Refusal | undefined {
  try {
    if (own.probe() === "gone") return refuse("gone");
    for (const other of [...sharers, ...group]) other.probe();
    return undefined;
  } catch (error) {
    return { kind: "refused", why: "failed", failure: failureOf(error, `pid ${own.identity.pid}`) };
  }
}

/** Between two signals a process may have become protected. If that cannot be read now, what was known holds. */
function objectionNow({ holds: [own, ...sharers] }: Victim, { files }: HoldMeans): Refusal["why"] | undefined {
  try {
    const mustLive = sharers.some(({ identity }) => objectionTo(identity, files) === "became-protected");
    return mustLive ? "shares-memory-with-protected" : objectionTo(own.identity, files);
  } catch (error) {
    return ignore(error, "the descriptor says who it is, and nothing says that it became protected");
  }
}
