import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { mib } from "#domain/units.ts";
import { bindPolicy, defaultOptions } from "#engine/define-policy.ts";
import type { Plan } from "#engine/plan.ts";
import { desktop } from "#policies/desktop.ts";
import { aPlan } from "#test/support/a-plan.ts";
import type { ProcessWish } from "#test/support/a-snapshot.ts";
import { last, opening } from "#test/support/engine-life.ts";

/** Names with what they hold, in MiB: each is a program of its own, as old as it stands here. */
const table = (held: Readonly<Record<string, number>>): readonly ProcessWish[] =>
  Object.entries(held).map(([comm, anon]) => ({ comm, pid: Number(comm.slice(-3)), anon: mib(anon) }));

/** Trouble approaches with one table and comes with the other. */
const victimOf = (before: Readonly<Record<string, number>>, now: Readonly<Record<string, number>>, plan?: Plan) =>
  opening(
    last(
      [
        { at: 0, available: 1100, table: table(before) },
        { at: 1000, available: 700, table: table(now) },
      ],
      plan,
    ),
  ).victim;

describe("one process that most of all growth since trouble began is due to", () => {
  it("goes before a larger one that was there all the time", () => {
    const victim = victimOf({ ide101: 2000, job102: 300 }, { ide101: 2050, job102: 1500 });
    assert.equal(victim.comm, "job102");
    assert.deepEqual(victim.badness, {
      total: mib(2700),
      terms: [
        { name: "anon", value: mib(1500) },
        { name: "growth", value: mib(1200) },
      ],
    });
  });

  it("goes before a larger one when it was started since", () => {
    assert.equal(victimOf({ ide101: 2000 }, { ide101: 2000, job102: 1100 }).comm, "job102");
  });

  it("looks twice as large as it is at the most: it took less than the largest held", () => {
    assert.equal(victimOf({ leak101: 6000 }, { leak101: 6000, tab102: 900 }).comm, "leak101");
  });

  it("is no cause when others took a third of it", () => {
    assert.equal(victimOf({ ide101: 2000 }, { ide101: 2400, job102: 1100, one103: 200 }).comm, "ide101");
  });

  it("is no cause when it took less than memory moves by anyway", () => {
    assert.equal(victimOf({ ide101: 2000, job102: 1950 }, { ide101: 2000, job102: 1995 }).comm, "ide101");
    assert.equal(victimOf({ ide101: 2000, job102: 1850 }, { ide101: 2000, job102: 1995 }).comm, "job102");
  });

  it("is not told apart where the policy does not ask for growth", () => {
    const policy = bindPolicy(desktop, { ...defaultOptions(desktop.options), growth: false });
    assert.equal(
      victimOf({ ide101: 2000, job102: 300 }, { ide101: 2050, job102: 1500 }, aPlan({ policy })).comm,
      "ide101",
    );
  });
});
