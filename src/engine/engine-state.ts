import type { Alarm, AlarmKind } from "#domain/alarm.ts";
import type { Candidate } from "#domain/candidate.ts";
import type { Finding } from "#domain/finding.ts";
import type { IdentityKey } from "#domain/identity.ts";
import type { FactName } from "#domain/snapshot.ts";
import type { KiB, Milliseconds } from "#domain/units.ts";
import type { CounterWindow } from "./counter-window.ts";
import type { FeltStall } from "./felt-stall.ts";
import { type NotifyState, noGivers } from "./giver-chain.ts";
import { noReserves, type Reserves } from "./headroom.ts";
import type { OwedMemory } from "./owed-memory.ts";
import type { Rule } from "./rule.ts";
import type { SeldomFacts } from "./seldom-facts.ts";
import type { Trend } from "./trend.ts";

/** A victim whose story is not over. */
export interface InFlight {
  readonly victim: Candidate;
  /** The rules it was chosen under: others may protect it. */
  readonly rules: readonly Rule[];
  readonly begunAt: Milliseconds;
  /** SIGKILL was sent, or it was dying when it was adopted. Undefined: SIGTERM only, so far. */
  readonly killedAt: Milliseconds | undefined;
  /** process_mrelease was asked for. */
  readonly isReaping: boolean;
  /** When it was noticed that its memory is its no more, because it exited or was reaped. */
  readonly letGoAt: Milliseconds | undefined;
  readonly heldBefore: KiB;
  readonly balanceBefore: KiB;
}

/** Windows of counters by the name of the detector that watches them. */
export type Windows = Readonly<Record<string, CounterWindow>>;
/** Since when alarms have been proven. */
export type ProvenSince = { readonly [K in AlarmKind]?: Milliseconds };

/** What begins anew after a kill and after a gap between looks, so that old trouble proves nothing. */
export const nothingProven: Pick<EngineState, "windows" | "provenSince" | "seldom"> = {
  windows: {},
  provenSince: {},
  seldom: {},
};

/** All that the engine remembers from look to look. */
export interface EngineState {
  readonly alarm: Alarm | undefined;
  /** Scarcity has begun and `high` has not been reached since. */
  readonly isScarce: boolean;
  /** By the name of the detector that watches them. */
  readonly windows: Windows;
  /** Since when each alarm has been proven without a break, whether it is raised yet or not. */
  readonly provenSince: ProvenSince;
  readonly feltStall: FeltStall | undefined;
  /** Facts of detectors that are read at a lower rate than the rest. */
  readonly seldom: SeldomFacts;
  readonly trend: Trend | undefined;
  /** When the next look was planned for. */
  readonly dueAt: Milliseconds | undefined;
  /** When windows last began anew because nobody had looked for too long. */
  readonly restartedAt: Milliseconds | undefined;
  readonly owed: OwedMemory | undefined;
  /** Read at a lower rate than the rest, hence remembered. */
  readonly reserves: Reserves;
  /** Undefined: never, or what is there now is known to be something else. */
  readonly swapsReadAt: Milliseconds | undefined;
  readonly tableReadAt: Milliseconds | undefined;
  readonly inFlight: InFlight | undefined;
  readonly notify: NotifyState;
  /** Given up: the counterpart of MMF_OOM_SKIP. */
  readonly skipped: ReadonlySet<IdentityKey>;
  /** Refused by the machine, untouched: passed over until the shortage is over. */
  readonly refused: ReadonlySet<IdentityKey>;
  /** When the kills within the budget's window began. */
  readonly kills: readonly Milliseconds[];
  /** No victim is chosen before, unless headroom is below `min`. */
  readonly coolDownUntil: Milliseconds;
  /** Nothing could be chosen: the table is not searched again before, whatever the alarm. */
  readonly searchNotBefore: Milliseconds;
  /** What has been said of the present alarm, so that it is said once. */
  readonly withheldSaid: ReadonlySet<Extract<Finding, { kind: "kill-withheld" }>["why"]>;
  readonly lostSensors: ReadonlySet<FactName>;
  readonly isTableIncompleteSaid: boolean;
}

/** Knows nothing, holds nothing. @param at the machine's present time. */
export const initialState = (at: Milliseconds): EngineState => ({
  alarm: undefined,
  isScarce: false,
  ...nothingProven,
  feltStall: undefined,
  trend: undefined,
  dueAt: undefined,
  restartedAt: undefined,
  owed: undefined,
  reserves: noReserves,
  swapsReadAt: undefined,
  tableReadAt: undefined,
  inFlight: undefined,
  notify: noGivers,
  skipped: new Set(),
  refused: new Set(),
  kills: [],
  coolDownUntil: at,
  searchNotBefore: at,
  withheldSaid: new Set(),
  lostSensors: new Set(),
  isTableIncompleteSaid: false,
});
