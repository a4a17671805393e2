import assert from "node:assert/strict";
import { withDryRun } from "#machine/dry-run.ts";
import type { Machine } from "#machine/machine.ts";
import { toEscalate, toSignal } from "#test/support/decisions.ts";
import { aProgram } from "#test/support/some-givers.ts";
import { findInTable, reportOn, until } from "#test/support/world.ts";
import type { Claims } from "./claim.ts";

/** Ends whom it is told of, as SIGTERM would. */
const program = aProgram("/bin/sh", "-c", 'kill -TERM "$TIDEMARK_PID"');

const reportOnProgram = (machine: Machine) =>
  machine.sense({ needs: [], isPressing: true }).givers?.find(({ giver }) => giver === program.name);

/** What asking victims by programs promises. */
export const programClaims: Claims = {
  "a program that was made ready has the victim leave, and its end is reported until it is dismissed": async (
    world,
  ) => {
    const { machine, start, isAlive } = world;
    const [{ hog }, { hog: bystander }] = [await start(), await start()];
    assert.deepEqual(machine.act({ kind: "enlist", givers: [program] }), { kind: "enlisted", lacking: [] });
    assert.deepEqual(machine.act(toSignal(hog, { program })), { kind: "asked" });
    await until(machine, "the hog is gone", () => !isAlive(hog));
    await until(machine, "its exit is reported", () => reportOn(machine, hog)?.kind === "exited");
    await until(machine, "the end of the program is reported", () => reportOnProgram(machine)?.kind === "done");
    assert.equal(machine.act({ kind: "dismiss", giver: program }).kind, "released");
    assert.equal(reportOnProgram(machine), undefined);
    assert.equal(isAlive(bystander), true);
  },

  "a program that was not made ready asks nobody, and the signal that follows finds the victim held": async (world) => {
    const { machine, start, isAlive } = world;
    const { hog } = await start();
    assert.deepEqual(machine.act(toSignal(hog, { program })), { kind: "unready", why: "not-ready" });
    assert.deepEqual(reportOnProgram(machine), { giver: program.name, kind: "unready", why: "not-ready" });
    assert.deepEqual([isAlive(hog), reportOn(machine, hog)?.kind], [true, "alive"]);
    machine.act({ kind: "dismiss", giver: program });
    assert.equal(machine.act({ ...toEscalate(hog), signal: "SIGTERM" }).kind, "signalled");
    await until(machine, "the hog is gone", () => !isAlive(hog));
  },

  "a program is run for nobody who is gone": async (world) => {
    const { machine, start, end } = world;
    const { hog } = await start();
    machine.act({ kind: "enlist", givers: [program] });
    end(hog);
    // Its first thread may be a zombie while others still end: then it is not gone.
    await until(machine, "the hog is gone", () => findInTable(machine, hog) === undefined);
    assert.equal(machine.act(toSignal(hog, { program })).kind, "refused");
    assert.equal(reportOnProgram(machine), undefined);
  },

  "a dry run runs nothing": async (world) => {
    const dry = withDryRun(world.machine);
    const { hog } = await world.start();
    world.machine.act({ kind: "enlist", givers: [program] });
    assert.deepEqual(dry.act(toSignal(hog, { program })), { kind: "rehearsed" });
    assert.equal(reportOnProgram(world.machine), undefined);
    assert.equal(world.isAlive(hog), true);
  },
};
