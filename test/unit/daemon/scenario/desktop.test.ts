import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { desktopOf } from "#daemon/scenario/desktop.ts";
import { readScenario } from "#daemon/scenario/scenario-file.ts";
import { gib, kibToGiB, scale, sum } from "#domain/units.ts";
import { simulatedMachine } from "#simulated/simulated-machine.ts";

const heldBy = (desktop: ReturnType<typeof desktopOf>) =>
  sum(desktop.map(({ anon = gib(0), copies = 1 }) => scale(anon, copies)));

describe("the desktop of a scenario", () => {
  it("holds what it is asked to hold, to a hundredth", () => {
    assert.ok(Math.abs(kibToGiB(heldBy(desktopOf(gib(4)))) - 4) < 0.04);
  });

  it("has the session beside the applications, each with a cgroup, and somebody who waits for it", () => {
    const desktop = desktopOf(gib(4));
    const cgroups = desktop.map(({ cgroup = "/" }) => cgroup);
    assert.ok(cgroups.every((path) => path !== "/"));
    assert.ok(cgroups.some((path) => path.includes("/session.slice/")));
    assert.ok(cgroups.some((path) => path.includes("/app.slice/")));
    assert.ok(desktop.some(({ isInteractive }) => isInteractive));
  });

  it("runs, and others can be started by its programs", () => {
    const text =
      'duration = "1s"\nram = "8GiB"\ndesktop = "50%"\n[[process]]\nname = "make"\nparent = "bash"\nanon = "1MiB"\n';
    const reading = readScenario({ path: "story.toml", text });
    assert.ok(reading.kind === "scenario");
    using machine = simulatedMachine(reading.scenario);
    assert.ok(machine.find("gnome-shell") !== undefined);
    assert.ok(machine.find("make") !== undefined);
  });
});
