import type { GiverDecision } from "#domain/giver.ts";
import type { Outcome } from "#domain/outcome.ts";
import type { SystemFailure } from "#domain/system-error.ts";

/** What a machine answers that has nobody to ask: nobody is ready, and whoever is asked is not. */
export function refuseGivers(decision: GiverDecision, failure: SystemFailure): Outcome {
  switch (decision.kind) {
    case "enlist":
      return { kind: "enlisted", lacking: decision.givers.map((giver) => ({ giver, failure })) };
    case "ask":
      return { kind: "unready", why: "not-ready" };
    case "dismiss":
      return { kind: "released" };
  }
}
