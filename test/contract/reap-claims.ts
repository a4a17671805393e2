import assert from "node:assert/strict";
import { toSignal } from "#test/support/decisions.ts";
import { reportOn, until } from "#test/support/world.ts";
import type { Claims } from "./claim.ts";

/** What reaping promises. */
export const reapClaims: Claims = {
  "a victim nobody asked to reap is reported as such": async ({ machine, start, isAlive }) => {
    const { hog } = await start();
    machine.act(toSignal(hog, { signal: "SIGKILL" }));
    await until(machine, "the hog is gone", () => !isAlive(hog));
    await until(machine, "its exit is reported", () => reportOn(machine, hog)?.kind === "exited");
    const report = reportOn(machine, hog);
    assert.equal(report?.kind === "exited" && report.reap.kind, "not-asked");
  },

  "reaping a killed victim comes to an end": async ({ machine, start }) => {
    const { hog } = await start();
    machine.act(toSignal(hog, { signal: "SIGKILL" }));
    assert.equal(machine.act({ kind: "reap", victim: hog }).kind, "begun");
    await until(machine, "the reaping is over", () => {
      const report = reportOn(machine, hog);
      return report?.kind === "exited" && report.reap.kind !== "under-way";
    });
    const report = reportOn(machine, hog);
    const how = report?.kind === "exited" ? report.reap.kind : undefined;
    assert.ok(how !== undefined && ["released", "exiting-by-itself", "unsupported"].includes(how), how);
  },

  "the memory of a victim that is not dying stays where it is": async ({ machine, start, isAlive }) => {
    const { hog } = await start({ ignoresSigterm: true });
    machine.act(toSignal(hog));
    assert.equal(machine.act({ kind: "reap", victim: hog }).kind, "begun");
    await until(machine, "the reaping is given up", () => {
      const report = reportOn(machine, hog);
      return report?.kind === "alive" && report.reap.kind === "stuck";
    });
    assert.equal(isAlive(hog), true);
  },

  "nobody reaps whom nobody signalled": async ({ machine, start, isAlive }) => {
    const { hog } = await start();
    assert.equal(machine.act({ kind: "reap", victim: hog }).kind, "refused");
    assert.equal(isAlive(hog), true);
  },
};
