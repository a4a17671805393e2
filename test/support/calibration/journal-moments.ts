import type { Moment } from "./moments.ts";

/** An entry of a journal, printed by a daemon or kept by a simulation. */
export interface Journalled {
  readonly at: number;
  readonly event: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** What the journal of tidemark tells of its victims. */
export const momentsInJournal = (entries: readonly Journalled[]): readonly Moment[] =>
  entries.flatMap(({ at, event, fields: { comm, signal } }): readonly Moment[] => {
    switch (event) {
      case "victim.signalled":
      case "victim.escalated":
        return [{ at, what: `${signal === "SIGKILL" ? "SIGKILL" : "SIGTERM"} to ${comm}` }];
      case "memory.back":
        return [{ at, what: `memory of ${comm} is back` }];
      default:
        return [];
    }
  });
