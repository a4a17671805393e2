import type { IdentityKey } from "#domain/identity.ts";
import type { MemcgStanding } from "#domain/memcg.ts";
import type { FactName } from "#domain/snapshot.ts";
import type { Milliseconds } from "#domain/units.ts";
import type { AskedProgram } from "./ask-by-program.ts";
import type { FamilyLedger } from "./family-ledger.ts";
import type { FeltStall } from "./felt-stall.ts";
import { noReserves, type Reserves } from "./headroom.ts";
import { changeElsewhere, freshScope, type ScopedState } from "./scope-state.ts";
import type { SeldomFacts } from "./seldom-facts.ts";
import type { Sweep } from "./sweep.ts";

/** What begins anew after a kill and after a gap between looks, so that old trouble proves nothing. */
export const nothingProven: Pick<EngineState, "windows" | "provenSince" | "seldom"> = {
  windows: {},
  provenSince: {},
  seldom: {},
};

/** The same state with nothing proven in any scope. */
export const proveAnew = (state: EngineState): EngineState => ({
  ...changeElsewhere(state, () => ({ windows: {}, provenSince: {} })),
  ...nothingProven,
});

/** All that the engine remembers from look to look: of each scope, and of what they have in common. */
export interface EngineState extends ScopedState {
  readonly feltStall: FeltStall | undefined;
  /** Facts of detectors that are read at a lower rate than the rest. */
  readonly seldom: SeldomFacts;
  /** When the next look was planned for. */
  readonly dueAt: Milliseconds | undefined;
  /** When windows last began anew because nobody had looked for too long. */
  readonly restartedAt: Milliseconds | undefined;
  /** Read at a lower rate than the rest, hence remembered. */
  readonly reserves: Reserves;
  /** Undefined: never, or what is there now is known to be something else. */
  readonly swapsReadAt: Milliseconds | undefined;
  readonly tableReadAt: Milliseconds | undefined;
  readonly branchesReadAt: Milliseconds | undefined;
  /** The last table left out somebody who could have been chosen: the next one is to be whole. */
  readonly needsWholeTable: boolean;
  /** Undefined: the table has not been read since trouble began, or the policy does not ask for it. */
  readonly ledger: FamilyLedger | undefined;
  /** The fork storm that is to go as a whole. */
  readonly sweep: Sweep | undefined;
  /** Undefined: none was asked, or it is over. */
  readonly program: AskedProgram | undefined;
  /** Given up: the counterpart of MMF_OOM_SKIP. */
  readonly skipped: ReadonlySet<IdentityKey>;
  /** When the kills within the budget's window began. */
  readonly kills: readonly Milliseconds[];
  /** No victim is chosen before, unless headroom is below `min`. */
  readonly coolDownUntil: Milliseconds;
  /** When the last kill ended. */
  readonly concludedAt: Milliseconds | undefined;
  /** How it stands with the memcgs that are to be watched, by their path, or by the pattern that fits none. */
  readonly memcgs: ReadonlyMap<string, MemcgStanding>;
  readonly lostSensors: ReadonlySet<FactName>;
  readonly isTableIncompleteSaid: boolean;
}

/** Knows nothing, holds nothing. @param at the machine's present time. */
export const initialState = (at: Milliseconds): EngineState => ({
  scope: undefined,
  elsewhere: new Map(),
  ...freshScope(at),
  ...nothingProven,
  feltStall: undefined,
  dueAt: undefined,
  restartedAt: undefined,
  reserves: noReserves,
  swapsReadAt: undefined,
  tableReadAt: undefined,
  branchesReadAt: undefined,
  needsWholeTable: false,
  ledger: undefined,
  sweep: undefined,
  program: undefined,
  skipped: new Set(),
  kills: [],
  coolDownUntil: at,
  concludedAt: undefined,
  memcgs: new Map(),
  lostSensors: new Set(),
  isTableIncompleteSaid: false,
});

/** Before the first look nothing is known, not even that there is time. */
export const hasNeverLooked = ({ trend }: Pick<EngineState, "trend">): boolean => trend === undefined;
