import assert from "node:assert/strict";
import { test } from "node:test";
import { rehearseKill } from "#daemon/rehearsal.ts";
import { stageFor } from "#daemon/rehearsal-stage.ts";
import type { Decision } from "#domain/decision.ts";
import type { Machine } from "#machine/machine.ts";
import { aMachine } from "#test/support/a-machine.ts";
import { aPlan } from "#test/support/a-plan.ts";
import { simulatedSacrifice } from "#test/support/simulated-sacrifice.ts";

test("on the stage nobody is signalled once the child has ended: its pid may be another's", async () => {
  const machine = aMachine().boot();
  const asked: Decision[] = [];
  const seen: Machine = {
    ...machine,
    act(each) {
      if (each.kind === "signal") asked.push(each);
      return machine.act(each);
    },
  };
  await rehearseKill({ machine: seen, plan: aPlan(), makeSacrifice: () => simulatedSacrifice(machine) });
  const [decision] = asked;
  assert.ok(asked.length === 1 && decision?.kind === "signal");
  const { pid: child } = decision.victim.identity;
  const actOnce = (isOver: boolean): unknown =>
    stageFor({ machine: seen, plan: aPlan(), emergency: aPlan(), child, hasEnded: () => isOver }).act(decision);
  assert.deepEqual(actOnce(true), { kind: "refused", why: "gone" });
  assert.equal(asked.length, 1);
  actOnce(false);
  assert.equal(asked.length, 2);
});
