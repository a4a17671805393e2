import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { chooseOne, planFor } from "#test/support/gallery/choose.ts";
import { galleryMachines } from "#test/support/gallery/machines.ts";
import { renderMachine, renderTableOf } from "#test/support/gallery/render.ts";
import { assertGolden } from "#test/support/golden-file.ts";

const machines = galleryMachines();

for (const machine of machines) {
  describe(machine.title, () => {
    for (const need of ["scarce", "exhausted"] as const) {
      it(`loses first whom its owner would name, when memory is ${need}: ${machine.first}`, () => {
        const victim = chooseOne(machine, planFor(machine), { need })?.victim;
        assert.equal(victim?.comm, machine.first);
        assert.ok(victim.returns >= machine.holds, `${victim.comm} gives back ${victim.returns} KiB only`);
      });
    }

    it("has the victims and the guarded that were reviewed", () => {
      assertGolden(`gallery/${machine.name}.txt`, renderMachine(machine));
    });
  });
}

describe("the gallery", () => {
  it("shows side by side whom others would take", () => {
    assertGolden("gallery/side-by-side.txt", `${renderTableOf(machines)}\n`);
  });
});
