import { type Alarm, type AlarmKind, isLouder, type Reason, type Watermark } from "#domain/alarm.ts";
import type { Meminfo } from "#domain/meminfo.ts";
import { knownValue, type Snapshot } from "#domain/snapshot.ts";
import type { Swaps } from "#domain/swaps.ts";
import { add, atLeast, below, type KiB, type Milliseconds, type Percent } from "#domain/units.ts";
import type { EngineState } from "./engine-state.ts";
import { availableMemory, heldMemory, measureHeadroom } from "./headroom.ts";
import { stillOwed } from "./owed-memory.ts";
import type { Plan } from "./plan.ts";
import { openStallWindow, type StallWindow, sampleStall } from "./stall-window.ts";
import { breachedWatermark, staysScarce } from "./zone.ts";

/** What one look proves. */
export interface Evidence {
  readonly meminfo: Meminfo;
  /** What is there, and what is on its way back from the last victim. */
  readonly headroom: KiB;
  readonly breached: Watermark | undefined;
  readonly isScarce: boolean;
  readonly stall: StallWindow | undefined;
  readonly alarm: Alarm | undefined;
}

interface Claim {
  readonly kind: AlarmKind;
  readonly reason: Reason;
}

interface Amounts {
  readonly headroom: KiB;
  readonly breached: Watermark | undefined;
  readonly isScarce: boolean;
}

function claimOfZone({ headroom, breached, isScarce }: Amounts, plan: Plan): Claim | undefined {
  if (breached === undefined) return undefined;
  const threshold = plan.headroom[breached];
  const reason: Reason = { kind: "below-watermark", zone: "headroom", watermark: breached, headroom, threshold };
  if (breached === "min") return { kind: "exhausted", reason };
  return { kind: isScarce ? "scarce" : "approaching", reason };
}

/** Stall is a proof together with little memory only: a busy disk stalls as well. */
function claimOfStall(stalled: Percent, available: KiB, plan: Plan): Claim | undefined {
  if (plan.stall === undefined) return undefined;
  const { line, limit, window, availableBelow } = plan.stall;
  if (!(atLeast(stalled, limit) && below(available, availableBelow))) return undefined;
  return {
    kind: "stalling",
    reason: { kind: "stalled", line, share: stalled, limit, window, available, availableBelow },
  };
}

/** The loudest claim becomes the alarm; it keeps the time when trouble began. */
function loudest(
  claims: readonly (Claim | undefined)[],
  before: Alarm | undefined,
  at: Milliseconds,
): Alarm | undefined {
  const made = claims.filter((claim) => claim !== undefined);
  const top = made.reduce<Claim | undefined>(
    (best, claim) => (best === undefined || isLouder(claim.kind, best.kind) ? claim : best),
    undefined,
  );
  return top === undefined ? undefined : { ...top, since: before?.since ?? at };
}

function sampleWindow(snapshot: Snapshot, state: EngineState, plan: Plan) {
  const pressure = knownValue(snapshot.pressure);
  if (pressure === undefined || plan.stall === undefined) return undefined;
  const { line } = plan.stall;
  const stall = pressure[line];
  // A reload may have changed the line since the last look.
  const window = state.stall?.line === line ? state.stall : openStallWindow(snapshot.takenAt, stall, line);
  return sampleStall(window, stall, { at: snapshot.takenAt, size: plan.stall.window });
}

/** Weighs a snapshot. Undefined when meminfo is missing: without it nothing can be proven. */
export function weigh(snapshot: Snapshot, state: EngineState, plan: Plan): Evidence | undefined {
  const meminfo = knownValue(snapshot.meminfo);
  if (meminfo === undefined) return undefined;
  const swaps: Swaps | undefined = knownValue(snapshot.swaps) ?? state.swaps;
  const seen = measureHeadroom(meminfo, swaps);
  const owed = stillOwed(state.owed, { headroom: seen, held: heldMemory(meminfo) }, snapshot.takenAt);
  const headroom = add(seen, owed);
  const breached = breachedWatermark(headroom, plan.headroom);
  const isScarce = staysScarce(state.isScarce, breached);
  const sample = sampleWindow(snapshot, state, plan);
  const available = add(availableMemory(meminfo), owed);
  const claims = [
    claimOfZone({ headroom, breached, isScarce }, plan),
    sample === undefined ? undefined : claimOfStall(sample.share, available, plan),
  ];
  return {
    meminfo,
    headroom,
    breached,
    isScarce,
    stall: sample?.window ?? state.stall,
    alarm: loudest(claims, state.alarm, snapshot.takenAt),
  };
}

/** Whether an alarm calls for a victim now: mere recovery (above `low`, below `high`) does not. */
export function callsForVictim(alarm: Alarm | undefined): alarm is Alarm {
  if (alarm === undefined || alarm.kind === "approaching") return false;
  return alarm.reason.kind === "stalled" || alarm.reason.watermark !== "high";
}
