import type { Alarm } from "#domain/alarm.ts";
import type { Candidate } from "#domain/candidate.ts";
import type { Decision, Signal } from "#domain/decision.ts";
import type { Giver } from "#domain/giver.ts";
import type { Identity } from "#domain/identity.ts";
import { cgroupPath, kib, mib, milliseconds, oomScoreAdj } from "#domain/units.ts";

/** An alarm that calls for a victim. */
export const anAlarm: Alarm = {
  kind: "scarce",
  since: milliseconds(0),
  reason: { kind: "below-watermark", zone: "headroom", watermark: "low", headroom: mib(90), threshold: mib(100) },
};

/** A candidate of that identity; what is told about it does not matter to a machine. */
export const candidateOf = (identity: Identity): Candidate => ({
  identity,
  comm: "candidate",
  uid: undefined,
  cgroup: cgroupPath("/"),
  oomScoreAdj: oomScoreAdj(0),
  rss: kib(0),
  swap: kib(0),
  returns: kib(0),
  badness: { total: kib(0), terms: [] },
});

interface Suspected {
  readonly suspects?: readonly Identity[];
  readonly protectedSuspects?: readonly Identity[];
}

interface SignalOptions extends Suspected {
  readonly signal?: Signal;
  readonly reapsAtOnce?: boolean;
  /** What is run in place of the signal. */
  readonly program?: Giver;
  /** The others of its memcg, which dies as a whole. */
  readonly group?: readonly Identity[];
}

const sharersOf = ({ suspects = [], protectedSuspects = [] }: Suspected) => ({ suspects, protectedSuspects });

/** The decision to signal it; SIGTERM unless said otherwise. */
export const toSignal = (identity: Identity, options: SignalOptions = {}): Extract<Decision, { kind: "signal" }> => ({
  kind: "signal",
  signal: options.signal ?? "SIGTERM",
  victim: candidateOf(identity),
  ...(options.program && { program: options.program }),
  reapsAtOnce: options.reapsAtOnce ?? false,
  sharers: sharersOf(options),
  ...(options.group && { group: { kind: "memcg", path: cgroupPath("/group"), members: options.group } }),
  alarm: anAlarm,
  ranking: [candidateOf(identity)],
  eligible: 1,
});

/** The decision to send it SIGKILL and to reap it in the same breath. */
export const toKill = (identity: Identity): Decision => toSignal(identity, { signal: "SIGKILL", reapsAtOnce: true });

/** The decision to watch it as a victim. */
export const toAdopt = (identity: Identity, suspected: Suspected = {}): Decision => ({
  kind: "adopt",
  victim: candidateOf(identity),
  sharers: sharersOf(suspected),
  alarm: anAlarm,
});

/** The decision to send SIGKILL after SIGTERM. */
export const toEscalate = (victim: Identity): Extract<Decision, { kind: "escalate" }> => ({
  kind: "escalate",
  victim: candidateOf(victim),
  reapsAtOnce: true,
  why: "grace-over",
  alarm: anAlarm,
});

/** The decision to ask a giver, which has to have been made ready. */
export const toAsk = (giver: Giver): Extract<Decision, { kind: "ask" }> => ({
  kind: "ask",
  giver,
  alarm: anAlarm,
  headroom: mib(90),
  wanted: mib(60),
});
