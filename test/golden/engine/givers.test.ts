import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { gib, mib, milliseconds, seconds } from "#domain/units.ts";
import { type GiverScript, withGivers } from "#simulated/givers.ts";
import { aDesktop, tell } from "#test/support/told-story.ts";

const balloon: GiverScript = { name: "balloon", holds: gib(1.5), after: milliseconds(80), behaves: "gives" };

const file = '[[giver]]\nname = "balloon"\nkind = "hook"\nrun = ["/usr/bin/shrink-vm"]\n';

/** With the balloon still full it ends below `low` and above `min`, and stays like that. */
const tellWith = (script: GiverScript) =>
  tell(
    aDesktop(gib(8), 0.4)
      .lasting(seconds(60))
      .withProcess("editor", {
        startsAt: seconds(5),
        memory: [{ kind: "ramp", by: gib(2.7), perSecond: mib(100) }],
      }),
    { file, through: (machine) => withGivers(machine, [script]) },
  );

describe("an editor that grows a little too large", () => {
  it("stays when a balloon gives back what is missing", async () => {
    const story = await tellWith(balloon);
    assert.deepEqual(story.victims, []);
    assert.deepEqual(story.killedByKernel, []);
    assert.equal(story.machine.find("giver-balloon"), undefined);
  });

  for (const behaves of ["hangs", "fails"] as const) {
    it(`goes when the balloon ${behaves}`, async () => {
      const story = await tellWith({ ...balloon, behaves });
      assert.deepEqual(story.victims, ["editor"]);
      assert.deepEqual(story.killedByKernel, []);
    });
  }
});
