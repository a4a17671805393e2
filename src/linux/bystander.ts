import type { VictimDecision } from "#domain/decision.ts";
import { type Identity, type IdentityKey, identityKey } from "#domain/identity.ts";
import type { SystemFailure } from "#domain/system-error.ts";
import type { VictimReport } from "#domain/victim-report.ts";
import { refuseGivers } from "#machine/without-givers.ts";
import type { Actor } from "./act.ts";
import type { Givers } from "./givers.ts";

const advice = "A recorded machine can be looked at, not acted upon";

/** Refuses whatever is decided: what was recorded cannot die. */
export function makeBystander(root: string): Actor {
  const reports = new Map<IdentityKey, VictimReport>();
  const failureOn = ({ pid }: Identity): SystemFailure => ({
    call: "signal",
    errno: "EROFS",
    subject: `pid ${pid} below ${root}`,
    advice,
  });
  return {
    act(decision) {
      const identity = identityOf(decision);
      if (decision.kind === "release") {
        reports.delete(identityKey(identity));
        return { kind: "released" };
      }
      const refusal = { kind: "refused", why: "failed", failure: failureOn(identity) } as const;
      reports.set(identityKey(identity), { identity, ...refusal });
      return refusal;
    },
    report: () => [...reports.values()],
    victims: () => [],
    [Symbol.dispose]: () => reports.clear(),
  };
}

const identityOf = ({ victim }: VictimDecision): Identity => ("identity" in victim ? victim.identity : victim);

/** Nobody is asked for memory of another machine. */
export const bystandingGivers = (root: string): Givers => ({
  act: (decision) => refuseGivers(decision, { call: "ask", errno: "EROFS", subject: root, advice }),
  sendTo: () => ({ kind: "unready", why: "not-ready" }),
  report: () => ({}),
  [Symbol.dispose]: () => undefined,
});
