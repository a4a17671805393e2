import type { Sources } from "#config/load.ts";
import type { MachineFacts } from "#config/watermarks.ts";
import type { PlanInForce } from "#daemon/plan-reading.ts";

/** The settings as a recording holds them: all texts they were made of, and what they were resolved against. */
export interface NotedSettings {
  readonly sources: Sources;
  readonly facts: MachineFacts;
  /** Givers that are in the texts and were not to be asked: what spoke against them cannot be found out from a recording. */
  readonly distrusted: readonly string[];
}

/** What a recording notes of a plan. */
export const noteOf = ({ sources, facts, loaded, plan }: PlanInForce): NotedSettings => ({
  sources,
  facts,
  distrusted: loaded.givers
    .map(({ giver }) => giver.name)
    .filter((name) => !plan.notify.givers.some((trusted) => trusted.name === name)),
});

/** Whether that is what {@link noteOf} made. */
export const isNoted = (value: unknown): value is NotedSettings =>
  typeof value === "object" && value !== null && "sources" in value && "facts" in value && "distrusted" in value;
