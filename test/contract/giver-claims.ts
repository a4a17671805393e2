import assert from "node:assert/strict";
import type { Giver, GiverReport } from "#domain/giver.ts";
import { add, milliseconds } from "#domain/units.ts";
import { withDryRun } from "#machine/dry-run.ts";
import type { Machine } from "#machine/machine.ts";
import { toAsk } from "#test/support/decisions.ts";
import { until } from "#test/support/world.ts";
import type { Claims } from "./claim.ts";

const reportOnGiver = (machine: Machine, { name }: Giver): GiverReport | undefined =>
  machine.sense({ needs: [], isPressing: true }).givers?.find(({ giver }) => giver === name);

const endingOf = (machine: Machine, giver: Giver) => {
  const report = reportOnGiver(machine, giver);
  return report?.kind === "done" ? report.ending : undefined;
};

/** What making givers ready, asking and dismissing them promise. */
export const giverClaims: Claims = {
  "a giver that was made ready gives when it is asked, and is reported until it is dismissed": async (world) => {
    const { machine } = world;
    const { giver, hasGiven } = await world.prepareGiver("gives");
    assert.deepEqual(machine.act({ kind: "enlist", givers: [giver] }), { kind: "enlisted", lacking: [] });
    assert.equal(reportOnGiver(machine, giver), undefined);
    assert.equal(hasGiven(), false);
    assert.equal(machine.act(toAsk(giver)).kind, "asked");
    await until(machine, "the giver has given", hasGiven);
    await until(machine, "its end is reported", () => endingOf(machine, giver) !== undefined);
    assert.deepEqual(endingOf(machine, giver), { kind: "exited", status: 0 });
    assert.equal(machine.act({ kind: "dismiss", giver }).kind, "released");
    assert.equal(reportOnGiver(machine, giver), undefined);
  },

  "the end of a giver ends the wait": async (world) => {
    const { machine } = world;
    const { giver } = await world.prepareGiver("gives");
    machine.act({ kind: "enlist", givers: [giver] });
    machine.sense({ needs: [], isPressing: true });
    machine.act(toAsk(giver));
    const limit = add(machine.now(), milliseconds(10_000));
    while (machine.now() < limit && (await machine.wait(limit)) !== "giver");
    assert.ok(machine.now() < limit);
    assert.equal(reportOnGiver(machine, giver)?.kind, "done");
  },

  "a giver that fails says so": async (world) => {
    const { machine } = world;
    const { giver } = await world.prepareGiver("fails");
    machine.act({ kind: "enlist", givers: [giver] });
    machine.act(toAsk(giver));
    await until(machine, "its end is reported", () => endingOf(machine, giver) !== undefined);
    assert.deepEqual(endingOf(machine, giver), { kind: "exited", status: 1 });
  },

  "a giver that was not made ready is not asked, and reported so": async (world) => {
    const { machine } = world;
    const { giver, hasGiven } = await world.prepareGiver("gives");
    assert.deepEqual(machine.act(toAsk(giver)), { kind: "unready", why: "not-ready" });
    assert.deepEqual(reportOnGiver(machine, giver), { giver: giver.name, kind: "unready", why: "not-ready" });
    await machine.wait(add(machine.now(), milliseconds(100)));
    assert.equal(hasGiven(), false);
    machine.act({ kind: "dismiss", giver });
    assert.equal(reportOnGiver(machine, giver), undefined);
  },

  "a giver is asked once: for a second time it has to be made ready again": async (world) => {
    const { machine } = world;
    const { giver } = await world.prepareGiver("fails");
    machine.act({ kind: "enlist", givers: [giver] });
    machine.act(toAsk(giver));
    await until(machine, "its end is reported", () => endingOf(machine, giver) !== undefined);
    machine.act({ kind: "dismiss", giver });
    assert.equal(machine.act(toAsk(giver)).kind, "unready");
    machine.act({ kind: "dismiss", giver });
    machine.act({ kind: "enlist", givers: [giver] });
    assert.equal(machine.act(toAsk(giver)).kind, "asked");
  },

  "a giver that hangs keeps no wait from its end, and is forgotten at once when it is dismissed": async (world) => {
    const { machine } = world;
    const { giver } = await world.prepareGiver("hangs");
    machine.act({ kind: "enlist", givers: [giver] });
    assert.equal(machine.act(toAsk(giver)).kind, "asked");
    const at = add(machine.now(), milliseconds(100));
    let waker = await machine.wait(at);
    // Pressure of others may end a wait on a machine that is not ours alone.
    while (waker === "pressure") waker = await machine.wait(at);
    assert.equal(waker, "due");
    assert.deepEqual(reportOnGiver(machine, giver), { giver: giver.name, kind: "giving" });
    assert.equal(machine.act({ kind: "dismiss", giver }).kind, "released");
    assert.equal(reportOnGiver(machine, giver), undefined);
  },

  "a dry run makes nobody ready and asks nobody": async (world) => {
    const dry = withDryRun(world.machine);
    const { giver, hasGiven } = await world.prepareGiver("gives");
    assert.deepEqual(dry.act({ kind: "enlist", givers: [giver] }), { kind: "rehearsed" });
    assert.deepEqual(dry.act(toAsk(giver)), { kind: "rehearsed" });
    assert.deepEqual(reportOnGiver(dry, giver), { giver: giver.name, kind: "rehearsed" });
    await dry.wait(add(dry.now(), milliseconds(100)));
    assert.equal(hasGiven(), false);
    assert.equal(reportOnGiver(world.machine, giver), undefined);
    dry.act({ kind: "dismiss", giver });
    assert.equal(reportOnGiver(dry, giver), undefined);
  },
};
