import type { NextLook } from "#domain/decision.ts";
import type { FactName, Snapshot } from "#domain/snapshot.ts";
import {
  add,
  atLeast,
  below,
  clamp,
  greatest,
  type KiB,
  least,
  lessened,
  type Milliseconds,
  milliseconds,
  scale,
  subtract,
} from "#domain/units.ts";
import { programDeadlines } from "./ask-by-program.ts";
import { samplesApart } from "./branch-rates.ts";
import { type EngineState, hasNeverLooked } from "./engine-state.ts";
import type { Evidence } from "./evidence.ts";
import { isFelt } from "./felt-stall.ts";
import { chainDeadlines } from "./giver-chain.ts";
import { needsLedger } from "./note-families.ts";
import type { PacingPlan, Plan } from "./plan.ts";
import { keyOf } from "./raise-alarm.ts";
import { allScopes, type ScopeState } from "./scope-state.ts";
import { areListsShort, isSeldom, seldomNeeds } from "./seldom-facts.ts";
import type { Context } from "./step.ts";
import { isTroubleNear } from "./trend.ts";

const msPerSecond = 1000;

/** What may still be taken before the next answer. */
export interface Distance {
  /** Without swapping. */
  readonly available: KiB;
  /** The rest: somebody has to be swapped out first. */
  readonly swap: KiB;
}

/** How far headroom is from the next answer: `low` while above it, `min` below it. */
function distanceToNext({ headroom, memory }: Evidence, { headroom: marks }: Plan): Distance {
  const distance = lessened(headroom, atLeast(headroom, marks.low) ? marks.low : marks.min);
  const available = least(distance, memory.available);
  return { available, swap: subtract(distance, available) };
}

/** Looks come at this share of the time that is left: a fill may then be twice as fast as assumed and is still seen in time. */
const caution = 1 / 2;

/**
 * Near enough to see a crossing soon after it happens, far enough to cost nothing. A fill begins without notice and as fast
 * as the machine allows; a fall that is measured to be steep may bring looks closer together still.
 */
export function paceByDistance(distance: Distance, fall: number, pacing: PacingPlan): Milliseconds {
  const unhurried = clamp(scale(timeToFill(distance, pacing), caution), pacing.near, pacing.calm);
  if (fall <= 0) return unhurried;
  const cautious = scale(add(distance.available, distance.swap), caution);
  return greatest(least(unhurried, timeToCross(cautious, fall, pacing)), pacing.tight);
}

/** What the fastest fill needs: what is available goes first. */
const timeToFill = ({ available, swap }: Distance, { fastestFill, fastestSwapFill }: PacingPlan): Milliseconds =>
  milliseconds((available / fastestFill + swap / fastestSwapFill) * msPerSecond);

/** How long a fall (KiB per millisecond) needs for a distance; never longer than the calm pace, whatever the fall. */
const timeToCross = (distance: KiB, fall: number, { calm }: PacingPlan): Milliseconds =>
  milliseconds(Math.min(calm, distance / fall));

/** The moments at which something happens even if nothing else is seen. */
const deadlines = (state: EngineState, plan: Plan): readonly Milliseconds[] => [
  ...plan.alarms.flatMap((alarm) => {
    const since = state.provenSince[keyOf(alarm)];
    return since === undefined ? [] : [add(since, alarm.holdFor)];
  }),
  ...victimDeadlines(state, plan),
  ...chainDeadlines(state.notify, plan.notify),
  ...programDeadlines(state),
];

/** The moments at which the victim's story goes on. */
function victimDeadlines({ inFlight: flight }: EngineState, plan: Plan): readonly Milliseconds[] {
  if (flight === undefined) return [];
  const { killedAt, begunAt, grace, isReaping } = flight;
  if (killedAt === undefined) return [add(begunAt, grace)];
  return [add(killedAt, plan.kill.killTimeout), ...(isReaping ? [] : [add(killedAt, plan.kill.reapGrace)])];
}

/** A detector that may prove something soon is asked as often as the kernel samples its own windows: ten times in one. */
const watchfulness = 1 / 10;

const isAnyNear = ({ sightings }: Evidence): boolean => [...sightings.values()].some(({ isNear }) => isNear);

const isReturning = ({ inFlight }: EngineState): boolean =>
  inFlight?.killedAt !== undefined || inFlight?.letGoAt !== undefined;

/** With SIGKILL sent, memory is on its way back, and a storm may fork on: looks are close together. */
function pace(state: EngineState, { evidence, plan, at, snapshot }: Context): Milliseconds {
  const { pacing } = plan;
  // A stall is felt, and what it is about was not read: its windows begin as soon as they may.
  if (mayStall(state, at, plan) && isAnyUnread(ofStalls, snapshot, plan)) return pacing.near;
  if (state.sweep?.isClear === false) return pacing.tight;
  // Its end wakes us. What it is still holding is needed at once below `min` only.
  if (isReturning(state)) return evidence.alarm?.kind === "exhausted" ? pacing.tight : pacing.near;
  const distant = paceByDistance(distanceToNext(evidence, plan), state.trend?.fall ?? 0, pacing);
  const paced = isAnyNear(evidence) ? least(distant, scale(pacing.calm, watchfulness)) : distant;
  // As long as nobody is searched for, there is nothing to hurry to.
  return below(at, state.searchNotBefore) ? greatest(paced, pacing.near) : paced;
}

const isDue = (readAt: Milliseconds | undefined, every: Milliseconds, at: Milliseconds): boolean =>
  readAt === undefined || atLeast(subtract(at, readAt), every);

/** In calm the table is read only for rules that ask for what cannot be read in trouble; when trouble approaches, to have it warm. */
function wantsCalmTable(state: EngineState, at: Milliseconds, plan: Plan): boolean {
  const { pacing } = plan;
  const alarms = allScopes(state).flatMap(({ alarm }) => alarm ?? []);
  if (alarms.some(({ kind }) => kind === "approaching")) return isDue(state.tableReadAt, pacing.calm, at);
  if (alarms.length === 0 && wantsLedger(state, plan)) return true;
  return alarms.length === 0 && pacing.tableEvery !== undefined && isDue(state.tableReadAt, pacing.tableEvery, at);
}

/** What families hold is to be known before trouble begins: later, nobody can tell who has grown and who was born. */
const wantsLedger = (state: EngineState, plan: Plan): boolean =>
  needsLedger(plan) && state.ledger === undefined && isTroubleNear(state, plan);

/** What ZFS gives back becomes available: where there is a cache, it is read together with meminfo, lest this counts twice. */
const wantsArc = ({ reserves, swapsReadAt }: EngineState, at: Milliseconds, { pacing }: Plan): boolean =>
  reserves.arc !== undefined || isDue(swapsReadAt, pacing.calm, at);

/** What is dear to read, and says nothing unless tasks stall: read as soon as they may, so that windows have begun by then. */
const ofStalls: readonly FactName[] = ["vmstat", "ioPressure"];

/** Tasks stall, did so a moment ago, or are about to. */
const mayStall = ({ feltStall, seldom }: EngineState, at: Milliseconds, plan: Plan): boolean =>
  isFelt(feltStall, at) || areListsShort(seldom, plan);

/** Whether one of some facts is missing that a detector goes by. */
const isAnyUnread = (facts: readonly FactName[], snapshot: Snapshot, { detectors }: Plan): boolean =>
  facts.some((fact) => snapshot[fact] === undefined && detectors.some(({ needs }) => needs.includes(fact)));

/** What the detectors go by at a look. */
function detectorNeeds(state: EngineState, at: Milliseconds, plan: Plan): readonly FactName[] {
  const areStallsRead = mayStall(state, at, plan);
  const isWanted = (fact: FactName): boolean =>
    fact !== "swaps" && !isSeldom(fact) && (areStallsRead || !ofStalls.includes(fact));
  return [...new Set(["meminfo" as const, ...plan.detectors.flatMap(({ needs }) => needs).filter(isWanted)])];
}

const everyLook = (state: EngineState, at: Milliseconds, plan: Plan): readonly FactName[] => [
  ...detectorNeeds(state, at, plan),
  ...(plan.memcgs.length > 0 ? (["memcgs"] as const) : []),
];

/** The facts of every look, with those of a lower rate when their time has come. */
export function quietNeeds(state: EngineState, at: Milliseconds, plan: Plan): readonly FactName[] {
  return [
    ...everyLook(state, at, plan),
    ...seldomNeeds(state, at, plan),
    ...(isDue(state.swapsReadAt, plan.pacing.calm, at) ? (["swaps"] as const) : []),
    ...(wantsArc(state, at, plan) ? (["arc"] as const) : []),
    ...(wantsCalmTable(state, at, plan) ? (["processes", "membership"] as const) : []),
    ...(wantsBranches(state, at, plan) ? (["branches"] as const) : []),
  ];
}

/** How fast counters run has to be known before somebody is chosen by it. */
const wantsBranches = ({ branchesReadAt }: EngineState, at: Milliseconds, { memcgs }: Plan): boolean =>
  memcgs.some(({ byBranch }) => byBranch?.ranker.goesByRates) && isDue(branchesReadAt, samplesApart, at);

const isPressingScope = ({ alarm, inFlight }: ScopeState): boolean =>
  inFlight !== undefined || (alarm !== undefined && alarm.kind !== "approaching");

/** From the first sign of trouble on the table is kept current: then a decision costs the same whatever the number of processes. */
const isTroubled = ({ alarm, inFlight }: ScopeState): boolean => alarm !== undefined || inFlight !== undefined;

/** A look that everything is known of but when it is due. */
function lookAt(at: Milliseconds, needs: readonly FactName[], { memcgs }: Plan): Omit<NextLook, "isPressing"> {
  const descend = memcgs.filter(({ byBranch }) => byBranch !== undefined);
  return {
    at,
    needs,
    ...(memcgs.length > 0 && { watch: memcgs.map(({ path }) => path) }),
    ...(descend.length > 0 && { descend: descend.map(({ path }) => path) }),
  };
}

/** Trouble is there or near; or nobody has looked yet, and it may be: then who matters is enough. */
const wantsKeptTable = (state: EngineState, plan: Plan): boolean =>
  hasNeverLooked(state) || isTroubleNear(state, plan) || allScopes(state).some(isTroubled);

/** When to look again, and at what: with the state of the whole machine in view. */
export const nextLook = (state: EngineState, due: Milliseconds, plan: Plan): NextLook => ({
  ...lookAt(due, quietNeeds(state, due, plan), plan),
  isPressing: allScopes(state).some(isPressingScope),
  ...(wantsKeptTable(state, plan) && { keepsTable: true }),
});

/** Without meminfo nothing is known: looks go on at the calm pace until it is back. */
export const lookBlindly = (state: EngineState, at: Milliseconds, plan: Plan): NextLook =>
  nextLook(state, add(at, plan.pacing.calm), plan);

/** When a scope wants to be looked at again. */
export function dueAfter(state: EngineState, context: Context): Milliseconds {
  const { at, plan } = context;
  const paced = add(at, pace(state, context));
  return deadlines(state, plan)
    .filter((deadline) => below(at, deadline))
    .reduce(least, paced);
}

const descends = ({ memcgs }: Plan): boolean => memcgs.some(({ byBranch }) => byBranch !== undefined);

/** The same look again at once, with the process table: nothing is decided about processes that were not looked at. */
export const lookCloser = (state: EngineState, at: Milliseconds, plan: Plan): NextLook => ({
  ...lookAt(
    at,
    [...everyLook(state, at, plan), "processes", "membership", ...(descends(plan) ? (["branches"] as const) : [])],
    plan,
  ),
  isPressing: true,
  ...(!state.needsWholeTable && { keepsTable: true }),
});
