import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Overcommit } from "#domain/overcommit.ts";
import { gib, mib } from "#domain/units.ts";
import { commit } from "#policies/detectors/commit.ts";
import { marks } from "#test/support/a-plan.ts";
import { someMeminfo } from "#test/support/a-snapshot.ts";
import { aSituation } from "./a-situation.ts";

const look = (leftMiB: number, overcommit: Overcommit | undefined) => {
  const meminfo = someMeminfo({ available: gib(8), commitLimit: gib(8), committedAs: mib(8192 - leftMiB) });
  return commit.detect(aSituation({ meminfo, facts: { meminfo, ...(overcommit && { overcommit }) } }), marks);
};

describe("the commit charge", () => {
  it("is a zone of its own where the kernel promises no more than it has", () => {
    assert.deepEqual(
      [1300, 1100, 700, 300, -100].map((left) => look(left, "never")?.breached),
      [undefined, "high", "low", "min", "min"],
    );
  });

  it("says nothing where the kernel promises more than it has, or does not tell", () => {
    assert.equal(look(0, "heuristic"), undefined);
    assert.equal(look(0, "always"), undefined);
    assert.equal(look(0, undefined), undefined);
  });

  it("says what is left of what", () => {
    assert.deepEqual(look(700, "never")?.reason, {
      kind: "commit-below-watermark",
      watermark: "low",
      left: mib(700),
      threshold: mib(800),
      limit: gib(8),
    });
  });
});
