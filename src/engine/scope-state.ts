import type { Alarm } from "#domain/alarm.ts";
import type { Candidate } from "#domain/candidate.ts";
import type { Signal } from "#domain/decision.ts";
import type { Withheld } from "#domain/finding.ts";
import type { IdentityKey } from "#domain/identity.ts";
import type { CgroupPath, KiB, Milliseconds } from "#domain/units.ts";
import type { BranchHistory } from "./branch-rates.ts";
import type { CounterWindow } from "./counter-window.ts";
import { type NotifyState, noGivers } from "./giver-chain.ts";
import type { OwedMemory } from "./owed-memory.ts";
import type { Rule } from "./rule.ts";
import type { Swept } from "./sweep.ts";
import type { Trend } from "./trend.ts";

/** What may be short of memory: a watched memcg, or, undefined, the whole machine. */
export type ScopeName = CgroupPath | undefined;

/** A victim whose story is not over. */
export interface InFlight {
  readonly victim: Candidate;
  /** The watched memcgs it belonged to when it was chosen: its memory comes back in all of them. */
  readonly memcgs: readonly CgroupPath[];
  /** Who dies as well when it is born later. Undefined: nobody. */
  readonly sweeps: Swept | undefined;
  /** The rules it was chosen under: others may protect it. */
  readonly rules: readonly Rule[];
  /** From asking it to SIGKILL, unless `min` is crossed. */
  readonly grace: Milliseconds;
  readonly begunAt: Milliseconds;
  /** SIGKILL was sent, or it was dying when it was adopted. Undefined: SIGTERM only, so far. */
  readonly killedAt: Milliseconds | undefined;
  /** A program has asked it so far, and nobody has sent it this. Undefined: no program does. */
  readonly signalInReserve: Signal | undefined;
  /** process_mrelease was asked for. */
  readonly isReaping: boolean;
  /** When it was noticed that its memory is its no more, because it exited or was reaped. */
  readonly letGoAt: Milliseconds | undefined;
  /** How many of its unit die, itself included. */
  readonly dying: number;
  /** What is to come back for certain, of all who die with it. */
  readonly returns: KiB;
  /** What processes of the scope held when it was chosen. */
  readonly heldBefore: KiB;
  readonly balanceBefore: KiB;
  /** The same of the whole machine, where its memory may be seen later than in a memcg. */
  readonly machineBalanceBefore: KiB;
}

/** Windows of counters by the name of the detector that watches them. */
export type Windows = Readonly<Record<string, CounterWindow>>;
/** Since when alarms have been proven, by their kind, or by their own name. */
export type ProvenSince = Readonly<Record<string, Milliseconds>>;

/** What is remembered of one scope. */
export interface ScopeState {
  readonly alarm: Alarm | undefined;
  /** Scarcity has begun and `high` has not been reached since. */
  readonly isScarce: boolean;
  /** By the name of the detector that watches them. */
  readonly windows: Windows;
  /** Since when each alarm has been proven without a break, whether it is raised yet or not. */
  readonly provenSince: ProvenSince;
  readonly trend: Trend | undefined;
  readonly owed: OwedMemory | undefined;
  readonly inFlight: InFlight | undefined;
  readonly notify: NotifyState;
  /** Refused by the machine, untouched: passed over until the shortage is over. */
  readonly refused: ReadonlySet<IdentityKey>;
  /** Nothing could be chosen: the table is not searched again before, whatever the alarm. */
  readonly searchNotBefore: Milliseconds;
  /** What has been said of the present alarm, so that it is said once. */
  readonly withheldSaid: ReadonlySet<Withheld>;
  /** The groups that were refused under the present alarm. */
  readonly refusedGroups: ReadonlySet<CgroupPath>;
  /** Undefined: nobody has looked into it yet, or the scope is the whole machine. */
  readonly branches: BranchHistory | undefined;
}

/** One scope in view, all others put aside. */
export interface ScopedState extends ScopeState {
  readonly scope: ScopeName;
  readonly elsewhere: ReadonlyMap<ScopeName, ScopeState>;
}

/** A scope that nothing is known of yet. */
export const freshScope = (at: Milliseconds): ScopeState => ({
  alarm: undefined,
  isScarce: false,
  windows: {},
  provenSince: {},
  trend: undefined,
  owed: undefined,
  inFlight: undefined,
  notify: noGivers,
  refused: new Set(),
  searchNotBefore: at,
  withheldSaid: new Set(),
  refusedGroups: new Set(),
  branches: undefined,
});

/** Names every field: one that were forgotten would leak from one scope into the next. */
function inView(state: ScopeState): ScopeState {
  const { alarm, isScarce, windows, provenSince, trend, owed, inFlight, notify } = state;
  const { refused, searchNotBefore, withheldSaid, refusedGroups, branches } = state;
  return {
    alarm,
    isScarce,
    windows,
    provenSince,
    trend,
    owed,
    inFlight,
    notify,
    refused,
    searchNotBefore,
    withheldSaid,
    refusedGroups,
    branches,
  };
}

/** The same state with another scope in view: every part of a decision sees one scope only, and works for any. */
export function turnTo<S extends ScopedState>(state: S, scope: ScopeName, at: Milliseconds): S {
  if (state.scope === scope) return state;
  const elsewhere = new Map(state.elsewhere).set(state.scope, inView(state));
  const next = elsewhere.get(scope) ?? freshScope(at);
  elsewhere.delete(scope);
  return { ...state, ...next, scope, elsewhere };
}

/** All scopes, the one in view first. */
export const allScopes = (state: ScopedState): readonly ScopeState[] => [state, ...state.elsewhere.values()];

/** The same state with every scope but the one in view changed. */
export const changeElsewhere = <S extends ScopedState>(
  state: S,
  change: (scope: ScopeState, name: ScopeName) => Partial<ScopeState>,
): S => {
  if (state.elsewhere.size === 0) return state;
  const changed = [...state.elsewhere].map(([name, scope]) => [name, { ...scope, ...change(scope, name) }] as const);
  return { ...state, elsewhere: new Map(changed) };
};

/** Whether a victim's memory comes back in a scope as well. */
export const concerns = ({ memcgs }: InFlight, scope: ScopeName): boolean =>
  scope === undefined || memcgs.includes(scope);

/** The alarms of other scopes that a victim's death would help as well. */
export const alarmsAbout = ({ elsewhere }: ScopedState, flight: InFlight): readonly Alarm[] =>
  [...elsewhere].flatMap(([name, { alarm }]) => (alarm !== undefined && concerns(flight, name) ? [alarm] : []));

/**
 * Whether a victim that was chosen in another scope is on its way out of this one: the kernel's scan of a scope ends at any
 * task in it that is an OOM victim already, whoever chose it.
 * @see v6.12 mm/oom_kill.c: oom_evaluate_task (tsk_is_oom_victim)
 */
export const isHelpedFromElsewhere = ({ scope, elsewhere }: ScopedState): boolean =>
  [...elsewhere.values()].some(({ inFlight }) => inFlight !== undefined && concerns(inFlight, scope));
