import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { gib, mib } from "#domain/units.ts";
import { decide } from "#engine/decide.ts";
import { initialState } from "#engine/engine-state.ts";
import type { Plan } from "#engine/plan.ts";
import { aPlan } from "#test/support/a-plan.ts";
import { aSnapshot, ms, type ProcessWish, someMeminfo, someTable } from "#test/support/a-snapshot.ts";

const main: ProcessWish = { pid: 50, comm: "browser", anon: mib(700) };
const hog: ProcessWish = { pid: 60, comm: "hog", anon: gib(9) };
/** They hold 50 MiB at the most, each. */
const unread = { count: 20, held: mib(50), own: mib(50), permille: 5 };

/** Who is killed at the first look, of a table without some of whom it is only known how little they have: `all` are asked for, or one. */
function answerTo(table: readonly ProcessWish[], available: number, change: Partial<Plan> = {}) {
  const meminfo = someMeminfo({ available: mib(available) });
  const snapshot = aSnapshot({ at: 1000, meminfo, table: { ...someTable(table), unread } });
  const { decisions, next } = decide(snapshot, initialState(ms(0)), aPlan(change));
  const [victim] = decisions.flatMap((decision) => (decision.kind === "signal" ? [decision.victim.comm] : []));
  return victim ?? (next.needs.includes("processes") && next.at <= 1000 ? "all" : undefined);
}

describe("of a table that leaves out who has little", () => {
  it("whoever holds more than half of all is chosen: those it started hold less, however many there are", () => {
    assert.equal(answerTo([hog], 700), "hog");
  });

  it("nobody else is chosen while there is time: those it started may hold as much together, and one of them goes then", () => {
    assert.equal(answerTo([main], 700), "all");
    assert.equal(answerTo([main], 300), "browser");
  });

  it("nobody is chosen who may take others along, by the settings or by a rule", () => {
    const manner = { unit: "app" } as const;
    const byRule = { rules: [{ verdict: "neutral", origin: "test", when: {}, manner } as const] };
    assert.equal(answerTo([hog], 700, byRule), "all");
    assert.equal(answerTo([hog], 300, { kill: { ...aPlan().kill, unit: "app" } }), "all");
    assert.equal(answerTo([hog], 300), "hog");
  });
});
