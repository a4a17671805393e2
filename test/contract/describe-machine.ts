import { describe, it } from "node:test";
import type { World } from "#test/support/world.ts";
import { actClaims } from "./act-claims.ts";
import type { Claims } from "./claim.ts";
import { giverClaims } from "./giver-claims.ts";
import { programClaims } from "./program-claims.ts";
import { reapClaims } from "./reap-claims.ts";
import { refusalClaims } from "./refusal-claims.ts";
import { senseClaims } from "./sense-claims.ts";
import { waitClaims } from "./wait-claims.ts";

/** Claims a machine cannot be held to, and why. */
export interface Skip {
  readonly reason: string;
  readonly tests: readonly string[];
}

/** A machine under contract. */
export interface Subject {
  /** A new world for each claim. */
  readonly make: () => World;
  readonly skip: readonly Skip[];
}

const claims: Claims = {
  ...senseClaims,
  ...waitClaims,
  ...actClaims,
  ...reapClaims,
  ...refusalClaims,
  ...giverClaims,
  ...programClaims,
};

/** Holds a machine to every promise of the port. A skip whose claim no longer exists fails. */
export function describeMachine(name: string, { make, skip }: Subject): void {
  describe(`${name} keeps the promise of the port`, () => {
    const reasons = new Map(skip.flatMap(({ reason, tests }) => tests.map((test) => [test, reason])));

    it("skips only claims there are", () => {
      const unknown = [...reasons.keys()].filter((test) => !Object.hasOwn(claims, test));
      if (unknown.length > 0) throw new Error(`Cannot skip what nobody claims: ${unknown.join("; ")}`);
    });

    for (const [claim, prove] of Object.entries(claims)) {
      it(claim, { skip: reasons.get(claim) ?? false }, async () => {
        await using world = make();
        await prove(world);
      });
    }
  });
}
