import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { gib, milliseconds, pid } from "#domain/units.ts";
import { decide } from "#engine/decide.ts";
import { initialState } from "#engine/engine-state.ts";
import type { Plan } from "#engine/plan.ts";
import { aPlan } from "#test/support/a-plan.ts";
import { type ProcessWish, someTable } from "#test/support/a-snapshot.ts";
import { hog, kinds, last, live, neighbour, see } from "#test/support/engine-life.ts";

describe("who cannot be chosen", () => {
  const chosen = (table: readonly ProcessWish[], plan?: Plan) =>
    last([{ at: 0, available: 300, table }], plan).decisions.flatMap((decision) =>
      decision.kind === "signal" ? [decision.victim.comm] : [],
    );

  it("never chooses init, itself, its ancestors, kernel threads or adj -1000, however large", () => {
    const big = gib(10);
    assert.deepEqual(
      chosen([
        { pid: 800, comm: "parent", anon: big },
        { pid: 2, comm: "kthreadd", anon: big, isKernelThread: true },
        { pid: 70, comm: "sacred", anon: big, oomScoreAdj: -1000 },
        { pid: 71, comm: "no-mm", hasNoMemory: true },
      ]).filter((comm) => comm !== "parent"),
      [],
    );
  });

  it("protects the whole parent chain of itself", () => {
    const table = someTable([{ pid: 700, comm: "shell", anon: gib(9) }, neighbour]);
    const processes = table.processes.map((process) =>
      process.identity.pid === table.self ? { ...process, parent: pid(700) } : process,
    );
    const snapshot = {
      ...see({ at: 0, available: 300 }),
      processes: { kind: "known", value: { ...table, processes } },
    } as const;
    const [decision] = decide(snapshot, initialState(milliseconds(0)), aPlan()).decisions;
    assert.equal(decision?.kind === "signal" && decision.victim.comm, "neighbour");
  });

  it("says that nobody can be chosen, and does not search again before the calm pace is over", () => {
    const [first, second, third] = live([
      { at: 0, available: 300, table: [] },
      { at: 20, available: 300 },
      { at: 1001, available: 300 },
    ]);
    assert.deepEqual(
      first?.findings.map((finding) => finding.kind === "kill-withheld" && finding.why).at(-1),
      "no-candidate",
    );
    assert.ok(!second?.next.needs.includes("processes"));
    assert.ok(third?.next.needs.includes("processes"));
  });

  it("watches the best candidate without a signal when it is dying already", () => {
    const verdict = last([{ at: 0, available: 300, table: [{ ...hog, isDying: true }, neighbour] }]);
    assert.deepEqual(kinds(verdict), ["adopt"]);
  });
});
