import type { Alarm, Watermark } from "#domain/alarm.ts";
import type { Meminfo } from "#domain/meminfo.ts";
import { factNames, knownValue, type Snapshot } from "#domain/snapshot.ts";
import { add, type KiB } from "#domain/units.ts";
import { openWindow, sampleWindow } from "./counter-window.ts";
import type { KnownFacts, Sighting, Situation } from "./define-detector.ts";
import type { EngineState, Windows } from "./engine-state.ts";
import { availableMemory, currentReserves, heldMemory, measureHeadroom, type Reserves } from "./headroom.ts";
import { stillOwed } from "./owed-memory.ts";
import type { Plan } from "./plan.ts";
import { type Raised, raiseAlarm, type Sightings } from "./raise-alarm.ts";
import { followTrend, type Trend } from "./trend.ts";
import { breachedWatermark } from "./zone.ts";

/** What one look proves. */
export interface Evidence extends Raised {
  readonly meminfo: Meminfo;
  /** What is there, and what is on its way back from the last victim. */
  readonly headroom: KiB;
  readonly breached: Watermark | undefined;
  readonly sightings: Sightings;
  readonly windows: Windows;
  readonly trend: Trend;
}

/** What was read at this look, and what is read at a lower rate and remembered. */
function knownFacts(snapshot: Snapshot, { swaps }: Reserves, { seldom }: EngineState): KnownFacts {
  const read = factNames.map((fact) => [fact, knownValue<unknown>(snapshot[fact])] as const);
  const { zoneinfo, overcommit } = seldom;
  return {
    ...(swaps && { swaps }),
    ...(zoneinfo?.value && { zoneinfo: zoneinfo.value }),
    ...(overcommit?.value && { overcommit: overcommit.value }),
    ...Object.fromEntries(read.filter(([, value]) => value !== undefined)),
  };
}

/** Lets every detector of the plan see the look. Windows whose counters were not read stay as they are. */
function watchOut(before: Windows, scene: Omit<Situation, "growth">, { snapshot, plan }: Looked) {
  const windows: Record<string, Windows[string]> = { ...before };
  const sightings = new Map<string, Sighting>();
  for (const detector of plan.detectors) {
    const watch = detector.watch(scene.facts);
    const window = watch && (windows[detector.name] ?? openWindow(snapshot.takenAt, watch.counts));
    const sample = watch && window && sampleWindow(window, watch.counts, { at: snapshot.takenAt, size: watch.window });
    if (sample !== undefined) windows[detector.name] = sample.window;
    const sighting = detector.detect({ ...scene, growth: sample?.growth });
    if (sighting !== undefined) sightings.set(detector.name, sighting);
  }
  return { windows, sightings };
}

interface Looked {
  readonly snapshot: Snapshot;
  readonly plan: Plan;
}

/** Weighs a snapshot. Undefined when meminfo is missing: without it nothing can be proven. */
export function weigh(snapshot: Snapshot, state: EngineState, plan: Plan): Evidence | undefined {
  const reserves = currentReserves(snapshot, state.reserves);
  const facts = knownFacts(snapshot, reserves, state);
  const { meminfo } = facts;
  if (meminfo === undefined) return undefined;
  const at = snapshot.takenAt;
  const seen = measureHeadroom(meminfo, reserves);
  const owed = stillOwed(state.owed, { headroom: seen, held: heldMemory(meminfo) }, at);
  const headroom = add(seen, owed);
  const trend = followTrend(state.trend, headroom, at);
  const scene = {
    facts,
    meminfo,
    headroom,
    available: add(availableMemory(meminfo, reserves), owed),
    watermarks: plan.headroom,
    trend,
    pageSize: plan.pageSize,
  };
  const { windows, sightings } = watchOut(state.windows, scene, { snapshot, plan });
  return {
    meminfo,
    headroom,
    breached: breachedWatermark(headroom, plan.headroom),
    sightings,
    windows,
    trend,
    ...raiseAlarm(plan.alarms, { sightings, state, at }),
  };
}

/** Whether an alarm calls for a victim now: mere recovery (above `low`, below `high`) does not. */
export function callsForVictim(alarm: Alarm | undefined): alarm is Alarm {
  if (alarm === undefined || alarm.kind === "approaching") return false;
  return !("watermark" in alarm.reason) || alarm.reason.watermark !== "high";
}
