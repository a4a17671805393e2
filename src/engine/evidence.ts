import type { Alarm, Watermark } from "#domain/alarm.ts";
import type { Meminfo } from "#domain/meminfo.ts";
import { add, type KiB, type Milliseconds } from "#domain/units.ts";
import { openWindow, sampleWindow } from "./counter-window.ts";
import type { KnownFacts, Sighting, Situation } from "./define-detector.ts";
import { stillOwed } from "./owed-memory.ts";
import type { Plan } from "./plan.ts";
import { type Raised, raiseAlarm, type Sightings } from "./raise-alarm.ts";
import type { ScopeMemory } from "./scope-memory.ts";
import type { ScopedState, Windows } from "./scope-state.ts";
import { followTrend, type Trend } from "./trend.ts";
import { breachedWatermark } from "./zone.ts";

/** What one look proves in one scope. */
export interface Evidence extends Raised {
  /** As it was seen. */
  readonly memory: ScopeMemory;
  /** What is there, and what is on its way back from the last victim. */
  readonly headroom: KiB;
  readonly breached: Watermark | undefined;
  readonly sightings: Sightings;
  readonly windows: Windows;
  readonly trend: Trend;
}

/** What a look saw of one scope. */
export interface Sight {
  readonly at: Milliseconds;
  readonly facts: KnownFacts;
  readonly meminfo: Meminfo;
  readonly memory: ScopeMemory;
}

interface Scene {
  readonly at: Milliseconds;
  readonly plan: Plan;
  readonly situation: Omit<Situation, "growth">;
}

/** Lets every detector of the plan see the look. Windows whose counters were not read stay as they are. */
function watchOut(before: Windows, { at, plan, situation }: Scene) {
  const windows: Record<string, Windows[string]> = { ...before };
  const sightings = new Map<string, Sighting>();
  for (const detector of plan.detectors) {
    const watch = detector.watch(situation.facts);
    const window = watch && (windows[detector.name] ?? openWindow(at, watch.counts));
    const sample = watch && window && sampleWindow(window, watch.counts, { at, size: watch.window });
    if (sample !== undefined) windows[detector.name] = sample.window;
    const sighting = detector.detect({ ...situation, growth: sample?.growth });
    if (sighting !== undefined) sightings.set(detector.name, sighting);
  }
  return { windows, sightings };
}

/** Weighs what was seen of the scope in view. */
export function weigh({ at, facts, meminfo, memory }: Sight, state: ScopedState, plan: Plan): Evidence {
  const owed = stillOwed(state.owed, memory, at);
  const headroom = add(memory.headroom, owed);
  const trend = followTrend(state.trend, headroom, at);
  const situation = {
    facts,
    meminfo,
    headroom,
    available: add(memory.available, owed),
    watermarks: plan.headroom,
    trend,
    pageSize: plan.pageSize,
  };
  const { windows, sightings } = watchOut(state.windows, { at, plan, situation });
  return {
    memory,
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
