import { type ConfigChoice, readSources } from "#daemon/config-files.ts";
import type { Turn } from "#daemon/loop.ts";
import { makePlan, type PlanInForce, type PlanReading, withGivers } from "#daemon/plan-reading.ts";
import { refitPlan } from "#daemon/refit-plan.ts";
import type { Giver } from "#domain/giver.ts";
import type { Journal } from "#journal/journal.ts";
import { type NotedSettings, readNote } from "./noted-settings.ts";

/** Settings that cannot be replayed under. */
export class RefusedReplay extends Error {}

/** The plan at each look of a replay. */
export interface PlanOfThen {
  /** At the present look. @throws RefusedReplay, UnreadableConfig */
  inForce(): PlanInForce;
  /** Follows a machine that was resized at a look, as the daemon did. */
  refit(turn: Turn, journal: Journal): void;
}

/**
 * The noted settings with what is changed of them, or others altogether. Where they do not fit a machine that has changed its
 * size, the last ones that did stay in force, as with the daemon.
 */
export function planOfThen(noted: () => unknown, choice: ConfigChoice): PlanOfThen {
  let madeFrom: unknown;
  let plan: PlanInForce | undefined;

  const inForce = (): PlanInForce => {
    const settings = noted();
    if (plan === undefined || settings !== madeFrom) plan = makeAgain(settings, choice, plan);
    madeFrom = settings;
    return plan;
  };

  return {
    inForce,
    refit(turn, journal) {
      plan = refitPlan({ ...turn, inForce: inForce() }, journal);
    },
  };
}

function makeAgain(settings: unknown, choice: ConfigChoice, last: PlanInForce | undefined): PlanInForce {
  const reading = readPlanOfThen(noteFrom(settings), choice);
  if (reading.kind === "plan") return reading;
  if (last !== undefined) return last;
  throw new RefusedReplay(reading.text);
}

function noteFrom(settings: unknown): NotedSettings {
  if (settings === undefined)
    throw new RefusedReplay("Cannot replay this: no settings are noted before the first look");
  try {
    return readNote(settings);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new RefusedReplay(
      `Cannot replay this: what is noted of the settings was changed by somebody: ${error.message}`,
    );
  }
}

function readPlanOfThen({ sources, facts, distrusted }: NotedSettings, { path, overrides }: ConfigChoice): PlanReading {
  if (path !== undefined) return makePlan(readSources({ path, overrides }), facts);
  const changed = { ...sources, overrides: [...sources.overrides, ...overrides] };
  return makeNoted({ sources: changed, facts, distrusted });
}

/** The plan of settings that were noted: on the machine they were noted for, or another. */
export function makeNoted({ sources, facts, distrusted }: NotedSettings): PlanReading {
  const reading = makePlan({ sources, advice: [] }, facts);
  if (reading.kind === "refused") return reading;
  const trusted = (staff: readonly Giver[]) => staff.filter(({ name }) => !distrusted.includes(name));
  const { givers, programs } = reading.plan.notify;
  return withGivers(reading, { givers: trusted(givers), programs: trusted(programs) });
}
