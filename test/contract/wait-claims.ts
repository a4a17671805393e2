import assert from "node:assert/strict";
import { add, milliseconds, seconds } from "#domain/units.ts";
import { toKill, toSignal } from "#test/support/decisions.ts";
import { reportOn, until } from "#test/support/world.ts";
import type { Claims } from "./claim.ts";

/** What a wait promises. */
export const waitClaims: Claims = {
  "a wait ends at its time, not before": async ({ machine }) => {
    const at = add(machine.now(), milliseconds(30));
    // Pressure of others may end a wait on a machine that is not ours alone.
    while ((await machine.wait(at)) !== "due");
    assert.ok(machine.now() >= at);
  },

  "a wait for what is past ends at once": async ({ machine }) => {
    const before = machine.now();
    await machine.wait(before);
    assert.ok(machine.now() < add(before, seconds(5)));
  },

  "wake ends the wait under way": async ({ machine }) => {
    const before = machine.now();
    const waiting = machine.wait(add(before, seconds(60)));
    machine.wake();
    assert.equal(await waiting, "called");
    assert.ok(machine.now() < add(before, seconds(30)));
  },

  "wake before a wait ends it at once": async ({ machine }) => {
    const before = machine.now();
    machine.wake();
    assert.equal(await machine.wait(add(before, seconds(60))), "called");
    assert.ok(machine.now() < add(before, seconds(30)));
  },

  "the death of a victim ends a wait": async ({ machine, start }) => {
    const { hog } = await start();
    const before = machine.now();
    machine.act(toKill(hog));
    // It may be heard of more than once: of its memory first, then of its exit.
    await until(machine, "the victim exited", () => reportOn(machine, hog)?.kind === "exited");
    assert.ok(machine.now() < add(before, seconds(10)));
  },

  "a wait with a victim ends by its news long before its time": async ({ machine, start }) => {
    const { hog } = await start();
    machine.act(toKill(hog));
    const before = machine.now();
    let waker = await machine.wait(add(before, seconds(60)));
    while (waker === "pressure") waker = await machine.wait(add(before, seconds(60)));
    assert.equal(waker, "victim");
    assert.ok(machine.now() < add(before, seconds(30)));
  },

  "news of a victim end every wait until they are sensed, and none after": async ({ machine, start }) => {
    const { hog } = await start();
    machine.act(toSignal(hog, { signal: "SIGKILL" }));
    for (let news = 0; news < 2; news += 1) {
      const before = machine.now();
      while ((await machine.wait(add(before, seconds(60)))) === "pressure");
      assert.ok(machine.now() < add(before, seconds(30)));
    }
    assert.equal(reportOn(machine, hog)?.kind, "exited");
    assert.notEqual(await machine.wait(add(machine.now(), milliseconds(30))), "victim");
  },

  "dispose twice is fine": ({ machine }) => {
    machine[Symbol.dispose]();
    machine[Symbol.dispose]();
  },
};
