import type { NextLook } from "#domain/decision.ts";
import type { Quiet } from "#domain/quiet.ts";
import { knownValue } from "#domain/snapshot.ts";
import {
  add,
  below,
  greatest,
  type KiB,
  kib,
  least,
  lessened,
  type Milliseconds,
  milliseconds,
  scale,
  seconds,
  subtract,
} from "#domain/units.ts";
import type { EngineState } from "./engine-state.ts";
import type { Evidence } from "./evidence.ts";
import { isFelt, traceOf } from "./felt-stall.ts";
import { quietNeeds } from "./pacing.ts";
import type { Plan } from "./plan.ts";
import type { Context } from "./step.ts";
import { isTroubleNear } from "./trend.ts";

const msPerSecond = 1000;

/** While nothing happens checks may be further apart than looks: PSI wakes us when a task stalls in between. */
const longest = 3;
/** A fill may be so many times as fast as the fastest, and is still seen above `low`. */
const margin = 5 / 4;
/** Of what that allows, so that memory may fall for a while before it has to be thought over again. */
const share = 9 / 10;
/**
 * What is read at a lower rate may be this old while nobody stalls: the kernel's zones are no news before somebody has to
 * reclaim, nor are swap devices that nobody uses more or less of.
 */
const patience = seconds(300);

/**
 * The next look with what would make it idle: while nobody is in trouble or near it, nobody stalls and memory does not fall
 * by much, each look leads to the same verdict as the one before.
 */
export function allowQuiet(next: NextLook, state: EngineState, context: Context): NextLook {
  const quiet = isIdle(state, context) ? boundQuiet(state, context) : undefined;
  if (quiet === undefined) return next;
  return { ...next, quiet, needs: quietNeeds(state, quiet.until, context.plan) };
}

/** Nothing is under way, and there is nothing to follow but headroom and stalls of the whole machine. */
function isIdle(state: EngineState, { plan, at, evidence, snapshot }: Context): boolean {
  const isUnproven = state.alarm === undefined && Object.keys(state.provenSince).length === 0;
  const isCalm = isUnproven && !isTroubleNear(state, plan);
  const isAlone = plan.memcgs.length === 0 && state.elsewhere.size === 0 && plan.notify.givers.length === 0;
  const isKnown = state.lostSensors.size === 0 && state.reserves.arc === undefined;
  const isOver =
    state.inFlight === undefined && state.program === undefined && evidence.headroom === evidence.memory.headroom;
  const isWatched = snapshot.victims.length > 0 || (snapshot.givers ?? []).length > 0;
  return isCalm && isAlone && isKnown && isOver && !isWatched && !isFelt(state.feltStall, at);
}

/** Undefined: a detector goes by something else, a fact is missing, or there is too little room to wait in. */
function boundQuiet(state: EngineState, { plan, at, evidence, snapshot, meminfo }: Context): Quiet | undefined {
  const { available, total, hugetlb, swapTotal, swapFree } = meminfo;
  const pressure = knownValue(snapshot.pressure);
  const silent = silenceOf(evidence);
  if (available === undefined || pressure === undefined || silent === undefined) return undefined;
  const every = paceChecks(evidence, plan);
  const room = add(plan.headroom.low, scale(plan.pacing.fastestFill, (margin * every) / msPerSecond));
  const floor = greatest(room, silent);
  const until = nextFacts(state, at, plan);
  if (!below(floor, evidence.headroom) || !below(add(at, every), until)) return undefined;
  return {
    until,
    every,
    next: add(at, every),
    available: kib(Math.ceil(lessened(available, subtract(evidence.headroom, floor)))),
    meminfo: { total, hugetlb, swapTotal, swapFree },
    stalled: add(pressure.some.total, traceOf(every)),
  };
}

/** Above which headroom no detector proves anything as long as nobody stalls. */
function silenceOf({ sightings }: Evidence): KiB | undefined {
  let silent = kib(0);
  for (const { isNear, breached, quietAbove } of sightings.values()) {
    if (isNear || breached !== undefined || quietAbove === undefined) return undefined;
    silent = greatest(silent, quietAbove);
  }
  return silent;
}

function paceChecks({ headroom }: Evidence, { headroom: marks, pacing }: Plan): Milliseconds {
  const toCross = (lessened(headroom, marks.low) / (margin * pacing.fastestFill)) * msPerSecond;
  return milliseconds(Math.floor(share * Math.min(toCross, longest * pacing.calm)));
}

/** When a look is wanted anyhow. */
function nextFacts({ tableReadAt = milliseconds(0) }: EngineState, at: Milliseconds, { pacing }: Plan): Milliseconds {
  const { tableEvery } = pacing;
  const atLast = add(at, patience);
  return tableEvery === undefined ? atLast : least(atLast, add(tableReadAt, tableEvery));
}
