import type { Sources } from "#config/load.ts";
import type { MachineFacts } from "#config/watermarks.ts";
import type { PlanInForce } from "#daemon/plan-reading.ts";

/** The settings as a recording holds them: all texts they were made of, and what they were resolved against. */
export interface NotedSettings {
  readonly sources: Sources;
  readonly facts: MachineFacts;
}

/** What a recording notes of a plan. */
export const noteOf = ({ sources, facts }: PlanInForce): NotedSettings => ({ sources, facts });

/** Whether that is what {@link noteOf} made. */
export const isNoted = (value: unknown): value is NotedSettings =>
  typeof value === "object" && value !== null && "sources" in value && "facts" in value;
