import type { Giver, GiverMeans } from "#domain/giver.ts";
import { describeFailure } from "#domain/system-error.ts";
import type { Milliseconds } from "#domain/units.ts";
import { objectionToGiver } from "#linux/giver-work.ts";

/** Somebody who is asked for memory before anybody has to go. */
export interface GiverView {
  readonly giver: string;
  readonly giver_kind: GiverMeans["kind"];
  readonly timeout_ms: Milliseconds;
  /** Why it cannot be asked as things are now; absent when it can. */
  readonly objection?: string;
}

/** The givers in their order, as this machine could ask them now. */
export const viewGivers = (givers: readonly Giver[]): readonly GiverView[] =>
  givers.map((giver) => {
    const objection = objectionToGiver(giver);
    return {
      giver: giver.name,
      giver_kind: giver.means.kind,
      timeout_ms: giver.timeout,
      ...(objection && { objection: describeFailure(objection) }),
    };
  });
