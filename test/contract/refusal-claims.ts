import assert from "node:assert/strict";
import type { Identity } from "#domain/identity.ts";
import { knownValue } from "#domain/snapshot.ts";
import { initPid, oomScoreAdj, type Pid, startTicks } from "#domain/units.ts";
import type { Machine } from "#machine/machine.ts";
import { toAdopt, toEscalate, toSignal } from "#test/support/decisions.ts";
import { findInTable, reportOn, until } from "#test/support/world.ts";
import type { Claims } from "./claim.ts";

/**
 * A pid with a start time nobody has. Whom a machine must refuse for who they are, it refuses before it compares start
 * times; were that guard broken, the wrong start time still saves the one who runs this test, and the claim fails.
 */
const nobodyWith = (pid: Pid): Identity => ({ pid, startTicks: startTicks(2 ** 50) });

function selfOf(machine: Machine): Pid {
  const table = knownValue(machine.sense({ needs: ["processes"], isPressing: false }).processes);
  assert.ok(table);
  return table.self;
}

/** That a decision is refused, that a report says so, and why. */
function assertRefused(machine: Machine, identity: Identity, why: string): void {
  const outcome = machine.act(toSignal(identity));
  assert.equal(outcome.kind === "refused" ? outcome.why : outcome.kind, why);
  const report = reportOn(machine, identity);
  assert.equal(report?.kind === "refused" ? report.why : report?.kind, why);
}

/** Whom no decision can make a machine signal. */
export const refusalClaims: Claims = {
  "a process that is another than the one decided upon lives": async ({ machine, start, isAlive }) => {
    const { hog } = await start();
    assertRefused(machine, { ...hog, startTicks: startTicks(hog.startTicks + 1) }, "identity-changed");
    assert.equal(isAlive(hog), true);
  },

  "a pid that is gone is refused": async ({ machine, start, end }) => {
    const { hog } = await start();
    end(hog);
    await until(machine, "nothing is left of the hog", () => findInTable(machine, hog) === undefined);
    assertRefused(machine, hog, "gone");
  },

  "init is never signalled": ({ machine }) => {
    assertRefused(machine, nobodyWith(initPid), "became-protected");
  },

  "a machine never signals itself": ({ machine }) => {
    assertRefused(machine, nobodyWith(selfOf(machine)), "became-protected");
  },

  "a machine never signals who it descends from": ({ machine }) => {
    const table = knownValue(machine.sense({ needs: ["processes"], isPressing: false }).processes);
    const self = table?.processes.find(({ identity }) => identity.pid === table.self);
    assert.ok(self?.parent);
    assertRefused(machine, nobodyWith(self.parent), "became-protected");
  },

  "a hog with oom_score_adj -1000 is never signalled": async ({ machine, start, isAlive }) => {
    const { hog } = await start({ oomScoreAdj: oomScoreAdj(-1000) });
    assertRefused(machine, hog, "became-protected");
    assert.equal(isAlive(hog), true);
  },

  "a victim that shares its memory with somebody who must live is spared": async ({ machine, start, isAlive }) => {
    const { hog, sharer } = await start({ sharesMemory: true });
    assert.ok(sharer);
    const outcome = machine.act(toSignal(hog, { signal: "SIGKILL", protectedSuspects: [sharer] }));
    assert.equal(outcome.kind === "refused" && outcome.why, "shares-memory-with-protected");
    assert.equal(isAlive(hog) && isAlive(sharer), true);
  },

  "whose memory somebody keeps who must live is not waited for": async ({ machine, start }) => {
    const { hog, sharer } = await start({ sharesMemory: true });
    assert.ok(sharer);
    const outcome = machine.act(toAdopt(hog, { protectedSuspects: [sharer] }));
    assert.equal(outcome.kind === "refused" && outcome.why, "shares-memory-with-protected");
  },

  "who was never signalled is not escalated": async ({ machine, start, isAlive }) => {
    const { hog } = await start();
    assert.equal(machine.act(toEscalate(hog)).kind, "refused");
    assert.equal(isAlive(hog), true);
  },

  "who was released is forgotten, and not escalated": async ({ machine, start, isAlive }) => {
    const { hog } = await start({ ignoresSigterm: true });
    machine.act(toSignal(hog));
    machine.act({ kind: "release", victim: hog });
    assert.equal(machine.act(toEscalate(hog)).kind, "refused");
    assert.equal(machine.act({ kind: "reap", victim: hog }).kind, "refused");
    assert.equal(isAlive(hog), true);
  },

  "who is gone is not watched": async ({ machine, start, end }) => {
    const { hog } = await start();
    end(hog);
    await until(machine, "nothing is left of the hog", () => findInTable(machine, hog) === undefined);
    const outcome = machine.act(toAdopt(hog));
    assert.equal(outcome.kind === "refused" && outcome.why, "gone");
  },
};
